import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDeviceMobile } from '@tabler/icons-react'
import { auth } from '../../../../../contract/api/accounts.ts'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { AddTotp } from './add-totp.tsx'
import { AskOwner } from './ask-owner.tsx'
import { type Factors, removable } from './factors.ts'

interface AuthenticatorAppProps {
  readonly factors: Factors
  readonly onSettled: () => void
}

export function AuthenticatorApp({ factors, onSettled }: AuthenticatorAppProps) {
  const [adding, add] = useDisclosure(false)
  const [removing, remove] = useDisclosure(false)
  const settled = () => {
    add.close()
    onSettled()
  }
  return (
    <Section
      title="Authenticator app"
      about="An app on your phone shows a new code every 30 seconds, and signing in asks for it."
    >
      <Group justify="space-between">
        <Text size="sm">{factors.totp ? 'Set up.' : 'Not set up.'}</Text>
        <Group gap="xs">
          <Button
            variant={factors.totp ? 'default' : 'filled'}
            size="compact-sm"
            leftSection={<IconDeviceMobile size={16} aria-hidden />}
            onClick={add.open}
          >
            {factors.totp ? 'Use another phone' : 'Set up an app'}
          </Button>
          {factors.totp ? (
            <ReasonButton
              label="Remove the app"
              variant="light"
              color="red"
              size="compact-sm"
              possible={removable(factors)}
              onPress={remove.open}
            />
          ) : null}
        </Group>
      </Group>
      {adding ? <AddTotp factors={factors} onCancel={add.close} onDone={settled} /> : null}
      {removing ? <RemoveTotp factors={factors} onClose={remove.close} onDone={onSettled} /> : null}
    </Section>
  )
}

interface RemoveTotpProps {
  readonly factors: Factors
  readonly onClose: () => void
  readonly onDone: () => void
}

function RemoveTotp({ factors, onClose, onDone }: RemoveTotpProps) {
  const remove = useAction(twoFactor.removeTotp, {
    refreshes: [twoFactor.state, auth.sessions],
    onDone: () => {
      toastDone('Removed; your other sessions have ended')
      onClose()
      onDone()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Remove the authenticator app">
      <AskOwner
        factors={factors}
        action="Remove the app"
        color="red.9"
        attempt={remove}
        onGiven={remove.mutate}
      >
        <Text>
          {factors.passkeys.length > 0
            ? 'Signing in asks for its codes no more.'
            : 'Your password alone signs you in then, and your recovery codes go too.'}{' '}
          You are signed out everywhere else.
        </Text>
      </AskOwner>
    </Modal>
  )
}
