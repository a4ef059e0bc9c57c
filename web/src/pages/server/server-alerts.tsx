import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle, IconPlayerPause } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { ServerDetail } from '../../../../contract/api/servers.ts'
import type { ServerExit } from '../../../../contract/protocol/spec.ts'
import { paths } from '../../paths.ts'
import { adviceFor } from '../../ui/advice.ts'
import { Age } from '../../ui/age.tsx'
import { durationText, instantText } from '../../ui/time-text.ts'

/** What somebody who opens the page should know before anything else. */
export function ServerAlerts({ server }: { server: ServerDetail }) {
  return (
    <>
      {server.suspendedAt === null ? null : (
        <Alert color="grape" icon={<IconPlayerPause />} title="This server is suspended">
          <Text size="sm">{server.suspensionReason ?? 'No reason was given.'}</Text>
          <Text size="sm" c="dimmed">
            <Age at={server.suspendedAt} prefix="Suspended " />.
            {server.suspendedUntil === null ? null : (
              <> It ends by itself on {instantText(server.suspendedUntil)}.</>
            )}
            {server.deletesAt === null ? null : (
              <> If it stays so, it will be deleted on {instantText(server.deletesAt)}.</>
            )}
          </Text>
        </Alert>
      )}
      {server.problem === null ? null : (
        <Alert color="red" icon={<IconAlertTriangle />} title="It could not be brought up">
          <Stack gap={4}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {server.problem.message}
            </Text>
            <Text size="sm">{adviceFor(server.problem.code)}</Text>
          </Stack>
        </Alert>
      )}
      {server.state === 'install_failed' ? <InstallFailed server={server} /> : null}
      {server.state === 'crashed' && server.lastExit !== null ? (
        <Alert color="red" icon={<IconAlertTriangle />} title="It crashed">
          <Text size="sm">
            {exitText(server.lastExit)} <Age at={server.lastExit.at} prefix="That was " />.
          </Text>
        </Alert>
      ) : null}
      {server.pending && server.nodeStatus === 'offline' ? (
        <Alert color="blue" icon={<IconInfoCircle />}>
          Changes wait for {server.nodeName}: it takes them in when it returns.
        </Alert>
      ) : null}
    </>
  )
}

function InstallFailed({ server }: { server: ServerDetail }) {
  const mayInstall = server.permissions.includes('server.install')
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="The installation failed">
      <Text size="sm">
        The console and the operation’s log tell why.{' '}
        {mayInstall ? (
          <Anchor component={Link} to={paths.serverSettings(server.id)} inherit underline="always">
            Install again in the settings
          </Anchor>
        ) : null}
      </Text>
    </Alert>
  )
}

/** "It ended with code 137 after 3 min: out of memory." */
export function exitText({ code, signal, oom, uptimeMs }: ServerExit): string {
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  const why = oom ? ': out of memory. Raise its memory limit.' : '.'
  return `It ended ${how} after ${durationText(uptimeMs)}${why}`
}
