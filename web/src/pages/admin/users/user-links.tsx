import { Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { type User, users } from '../../../../../contract/api/accounts.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { MadeLinkNotice } from '../../../ui/made-link.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'

/** Another invitation for who has not accepted theirs, a link to a new password for everybody else. */
export function UserLinks({ user }: { user: User }) {
  const { isInvited } = user
  const me = useMe()
  const [byMail, choose] = useState(true)
  const invite = useAction(accountLinks.inviteAgain, { refreshes: [users.list] })
  const reset = useAction(accountLinks.makePasswordReset, { refreshes: [] })
  const make = isInvited ? invite : reset
  if (!may(me, isInvited ? 'user.create' : 'user.update')) return null
  return (
    <Stack gap="sm">
      <Group>
        <ReasonButton
          label={isInvited ? 'Invite again' : 'Make a password link'}
          variant="default"
          loading={make.isPending}
          possible={possibleFor(user, me.id)}
          onPress={() => make.mutate({ userId: user.id, byMail })}
        />
        <Checkbox
          label="Send it by mail"
          checked={byMail}
          onChange={(event) => choose(event.currentTarget.checked)}
        />
      </Group>
      <FormFailure error={make.error} />
      {make.data === undefined ? null : <MadeLinkNotice link={make.data} to={user.email} />}
    </Stack>
  )
}

function possibleFor({ id, disabledAt }: User, me: string): true | string {
  if (id === me) return 'Change your own password on your account page.'
  return disabledAt === null ? true : 'The account is disabled.'
}
