import { Group } from '@mantine/core'
import { type User, users } from '../../../../../contract/api/accounts.ts'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { toastDone } from '../../../ui/toast.ts'

/** For somebody who has lost their phone, their keys and their recovery codes. */
export function ResetTwoFactor({ user, onClose }: { user: User; onClose: () => void }) {
  const me = useMe()
  const reset = useAction(twoFactor.reset, {
    refreshes: [users.list],
    onDone: () => {
      toastDone(`${user.name} signs in without a second factor now`)
      onClose()
    },
  })
  return (
    <Group>
      <HoldButton
        label="Remove the second factors"
        color="red"
        variant="light"
        size="sm"
        consequence="Authenticator app, recovery codes and passkeys go, and every session ends. Make sure that it is them who asks."
        possible={possibleFor(user, me.id)}
        onHeld={() => reset.mutate({ userId: user.id })}
      />
      <FormFailure error={reset.error} />
    </Group>
  )
}

function possibleFor({ id, hasTwoFactor }: User, me: string): true | string {
  if (id === me) return 'Remove your own on your account page.'
  return hasTwoFactor ? true : 'The account has none.'
}
