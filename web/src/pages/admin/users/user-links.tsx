import { Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { type User, users } from '../../../../../contract/api/accounts.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { MadeLinkNotice } from './made-link.tsx'

/** Another invitation for who has not accepted theirs, a link to a new password for everybody else. */
export function UserLinks({ user }: { user: User }) {
  const me = useMe()
  const [byMail, choose] = useState(true)
  const invite = useAction(accountLinks.inviteAgain, { refreshes: [users.list] })
  const reset = useAction(accountLinks.makePasswordReset, { refreshes: [] })
  const make = user.hasPassword ? reset : invite
  if (!may(me, user.hasPassword ? 'user.update' : 'user.create')) return null
  return (
    <Stack gap="sm">
      <Group>
        <ReasonButton
          label={user.hasPassword ? 'Make a link to a new password' : 'Invite again'}
          variant="default"
          loading={make.isPending}
          possible={user.disabledAt === null ? true : 'The account is disabled.'}
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
