import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDeviceMobile } from '@tabler/icons-react'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { AddTotp } from './add-totp.tsx'
import { type Factors, removable } from './factors.ts'
import { RemoveTotp } from './remove-factor.tsx'

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
