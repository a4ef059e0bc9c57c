import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { Section } from '../../../ui/section.tsx'
import { AskOwner } from './ask-owner.tsx'
import type { Factors } from './factors.ts'
import { NewCodesDialog } from './new-codes-dialog.tsx'

const few = 3

/** How many recovery codes are left, and the way to new ones. */
export function RecoveryCodes({ factors }: { factors: Factors }) {
  const [opened, { open, close }] = useDisclosure(false)
  const { recoveryCodesLeft: left } = factors
  return (
    <Section
      title="Recovery codes"
      about="They let you in when you have lost your phone or key. Each works once."
    >
      <Group justify="space-between">
        <Text size="sm">
          {left} left.{left <= few ? ' Make new ones before you need them.' : ''}
        </Text>
        <Button variant="default" size="compact-sm" onClick={open}>
          Make new codes
        </Button>
      </Group>
      {opened ? <Renew factors={factors} onClose={close} /> : null}
    </Section>
  )
}

function Renew({ factors, onClose }: { factors: Factors; onClose: () => void }) {
  const renew = useAction(twoFactor.renewRecoveryCodes, { refreshes: [twoFactor.state] })
  if (renew.data !== undefined) {
    return <NewCodesDialog codes={renew.data.recoveryCodes} onKept={onClose} />
  }
  return (
    <Modal opened onClose={onClose} title="Make new recovery codes">
      <AskOwner
        factors={factors}
        action="Make the codes"
        attempt={renew}
        onGiven={renew.mutate}
        onClose={onClose}
      >
        <Text>The codes that you have now stop working.</Text>
      </AskOwner>
    </Modal>
  )
}
