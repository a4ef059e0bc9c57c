import { Center, Loader } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, Suspense, useState } from 'react'
import { meQuery } from '../api/queries.ts'
import { later } from '../ui/later.ts'
import { useMe } from './session.tsx'

const TwoFactorFirst = later(
  async () => (await import('../pages/account/two-factor/two-factor-first.tsx')).TwoFactorFirst,
)

/**
 * Shows what is inside to whoever has the second factor that a role of theirs asks for, and the others how
 * to set one up. That stays until they have seen all of it, such as recovery codes that are shown once.
 */
export function AfterTwoFactor({ children }: { children: ReactNode }) {
  const { mustSetUpTwoFactor } = useMe()
  const client = useQueryClient()
  const [waiting, wait] = useState(mustSetUpTwoFactor)
  if (mustSetUpTwoFactor && !waiting) wait(true)
  if (!waiting) return children
  const settle = async () => {
    const me = await client.fetchQuery({ ...meQuery, staleTime: 0 })
    wait(me.mustSetUpTwoFactor)
  }
  return (
    <Suspense
      fallback={
        <Center mih="100vh" component="main">
          <Loader aria-label="Loading" />
        </Center>
      }
    >
      <TwoFactorFirst onSettled={() => void settle()} />
    </Suspense>
  )
}
