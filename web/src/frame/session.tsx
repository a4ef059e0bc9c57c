import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use } from 'react'
import { Navigate, useLocation } from 'react-router'
import type { Me } from '../../../contract/api/accounts.ts'
import { isSignedOut } from '../api/client.ts'
import { meQuery } from '../api/queries.ts'
import { paths } from '../paths.ts'
import { Failure } from '../ui/failure.tsx'

const Session = createContext<Me | null>(null)

/** Shows what is inside to those who are signed in; sends the others to sign in and back again. */
export function RequireSession({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery)
  const { pathname, search } = useLocation()
  if (isSignedOut(me.error)) return <Navigate to={paths.signIn(`${pathname}${search}`)} replace />
  if (me.data !== undefined) return <Session value={me.data}>{children}</Session>
  return (
    <Center mih="100vh" p="md" component="main">
      {me.error === null ? (
        <Loader aria-label="Loading" />
      ) : (
        <Failure error={me.error} onRetry={() => me.refetch()} />
      )}
    </Center>
  )
}

/** The account that is signed in. Only below `RequireSession`. */
export function useMe(): Me {
  const me = use(Session)
  if (me === null) throw new Error('useMe outside of RequireSession')
  return me
}
