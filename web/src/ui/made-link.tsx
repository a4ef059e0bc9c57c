import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconLink, IconMailForward } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { MadeLink } from '../../../contract/api/account-links.ts'
import { CopyButton } from './copy-button.tsx'
import { instantText } from './time-text.ts'

interface MadeLinkProps {
  readonly link: MadeLink
  /** Whom it is for. */
  readonly to: string
}

/** A link that was just made: it is on its way by mail, or here this once to be passed on. */
export function MadeLinkNotice({ link: { url, expiresAt }, to }: MadeLinkProps) {
  const until = instantText(expiresAt)
  if (url === null) {
    return (
      <Alert
        ref={reveal}
        color="green"
        role="status"
        icon={<IconMailForward />}
        title={`Sent to ${to}`}
      >
        <Text size="sm">The link works once, until {until}.</Text>
      </Alert>
    )
  }
  return (
    <Alert
      ref={reveal}
      color="blue"
      role="status"
      icon={<IconLink />}
      title={`Pass this link on to ${to}`}
    >
      <Stack gap="xs">
        <Text size="sm">
          It is shown only now and works once, until {until}. Whoever has it gets in, so send it in
          a way that nobody else can read.
        </Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {url}
        </Code>
        <Group>
          <CopyButton text={url} what="link" withLabel />
        </Group>
      </Stack>
    </Alert>
  )
}

/** It may come up below what a dialog shows of itself. */
function reveal(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

interface MadeLinkStepProps extends MadeLinkProps {
  readonly onClose: () => void
  /** What else there is to know. */
  readonly children?: ReactNode
}

/** The last step of a dialog that made a link. */
export function MadeLinkStep({ link, to, onClose, children }: MadeLinkStepProps) {
  return (
    <Stack>
      <MadeLinkNotice link={link} to={to} />
      {children}
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}
