import { auth } from '../../../contract/api/accounts.ts'
import { useAction } from '../api/queries.ts'
import { paths } from '../paths.ts'
import { toastFailure } from '../ui/toast.ts'

/** Ends the session. */
export function useSignOut() {
  const logout = useAction(auth.logout, {
    refreshes: [],
    // Everything that was read belongs to the account that left: a fresh page keeps none of it.
    onDone: () => window.location.assign(paths.signIn()),
  })
  return {
    isPending: logout.isPending,
    now: () =>
      logout.mutate({}, { onError: (error) => toastFailure('You are still signed in', error) }),
  }
}
