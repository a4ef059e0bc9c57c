import { Alert, Group, Stack, Text } from '@mantine/core'
import { type Settings, settings } from '../../../../../contract/api/settings.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'

interface MailStateProps {
  readonly queue: Settings['mailQueue']
  readonly isSaved: boolean
}

/** Whether mail gets through: what waits, what was given up, and a mail to try it. */
export function MailState({ queue, isSaved }: MailStateProps) {
  const me = useMe()
  const test = useAction(settings.testMail, { refreshes: [settings.get] })
  return (
    <Stack gap="sm">
      <QueueText queue={queue} />
      {may(me, 'settings.update') ? (
        <Group>
          <ReasonButton
            label="Send a mail to yourself"
            variant="default"
            loading={test.isPending}
            possible={isSaved ? true : 'Save first.'}
            onPress={() => test.mutate({})}
          />
        </Group>
      ) : null}
      {test.data === undefined ? null : (
        <Alert
          role="status"
          color={test.data.taken ? 'green' : 'red'}
          title={test.data.taken ? `Sent to ${me.email}` : 'It was not sent'}
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {test.data.said}
          </Text>
        </Alert>
      )}
      {test.error === null ? null : <Failure error={test.error} />}
    </Stack>
  )
}

function QueueText({ queue: { waiting, failed, lastError } }: Pick<MailStateProps, 'queue'>) {
  if (waiting === 0 && failed === 0) return null
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {waiting === 0 ? null : `${waiting} ${waiting === 1 ? 'mail waits' : 'mails wait'}. `}
      {failed === 0 ? null : `${failed} could not be delivered within the last week. `}
      {lastError === null ? null : `The last reason: ${lastError}`}
    </Text>
  )
}
