import { Checkbox, Group, Modal, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconUserShare } from '@tabler/icons-react'
import { auth } from '../../../../../contract/api/accounts.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { ownership, subUsers } from '../../../../../contract/api/sub-users.ts'
import { useAction } from '../../../api/queries.ts'
import { may, usable } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { MadeLinkStep } from '../../../ui/made-link.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'

/** Gives the server to somebody else: staff at once, its owner by an offer that is accepted. */
export function Ownership({ server }: { server: ServerDetail }) {
  const [asking, ask] = useDisclosure(false)
  const me = useMe()
  const atOnce = may(me, 'server.set_owner')
  return (
    <Section
      title="Owner"
      about={
        atOnce
          ? `${server.ownerName} owns this server. Another account can have it at once.`
          : 'You can offer the server to somebody. It is yours until they accept.'
      }
    >
      <Group>
        <ReasonButton
          label={atOnce ? 'Change the owner' : 'Give the server away'}
          icon={<IconUserShare size={16} />}
          variant="default"
          possible={usable(me, server, 'server.set_owner')}
          onPress={ask.open}
        />
      </Group>
      {asking ? <OwnerDialog server={server} atOnce={atOnce} onClose={ask.close} /> : null}
    </Section>
  )
}

interface OwnerDialogProps {
  readonly server: ServerDetail
  readonly atOnce: boolean
  readonly onClose: () => void
}

function OwnerDialog({ server, atOnce, onClose }: OwnerDialogProps) {
  const set = useAction(ownership.set, {
    refreshes: [servers.get, servers.list, subUsers.list, auth.me],
    onDone: ({ offer }) => {
      if (offer !== null) return
      toastDone('It has a new owner')
      onClose()
    },
  })
  const offer = set.data?.offer ?? null
  return (
    <Modal opened onClose={onClose} title={`Give ${server.name} to somebody else`}>
      {offer === null ? (
        <OwnerForm server={server} atOnce={atOnce} onClose={onClose} set={set} />
      ) : (
        <MadeLinkStep link={offer} to={offer.invite.email} onClose={onClose}>
          <Text size="sm">
            The server is yours until they accept. You can revoke the offer under Users.
          </Text>
        </MadeLinkStep>
      )}
    </Modal>
  )
}

interface OwnerFormProps extends OwnerDialogProps {
  readonly set: ReturnType<typeof useAction<typeof ownership.set>>
}

function OwnerForm({ server, atOnce, onClose, set }: OwnerFormProps) {
  const form = useForm({
    initialValues: { email: '', keepAccess: false },
    validate: (values) => problemsBy(ownership.set.body, values),
  })
  const submit = form.onSubmit((values) =>
    set.mutate(
      { serverId: server.id, ...values },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  const owner = atOnce ? server.ownerName : 'You'
  return (
    <DialogForm
      errors={form.errors}
      attempt={set}
      action={atOnce ? 'Change the owner' : 'Offer it'}
      color="red.9"
      cancel="Keep it"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="E-mail of the new owner"
        type="email"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('email')}
      />
      <Checkbox
        label={atOnce ? 'Its owner so far keeps access' : 'Keep access'}
        description="As a sub-user who may do all but delete it or give it away."
        {...form.getInputProps('keepAccess', { type: 'checkbox' })}
      />
      <Text size="sm">
        {form.values.keepAccess
          ? `${owner} cannot take it back: only the new owner can return it.`
          : `${owner} cannot see it any more then, and cannot take it back.`}
      </Text>
    </DialogForm>
  )
}
