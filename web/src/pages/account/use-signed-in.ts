import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { SignedIn } from '../../../../contract/api/accounts.ts'
import { meQuery } from '../../api/queries.ts'

/** What follows every sign-in: the answer says who the reader is, and they go on where they wanted to. */
export function useSignedIn(next: string): (signedIn: SignedIn) => unknown {
  const client = useQueryClient()
  const navigate = useNavigate()
  return ({ token: _unused, ...me }) => {
    client.setQueryData(meQuery.queryKey, me)
    return navigate(next, { replace: true })
  }
}
