import { Anchor, Checkbox, Group, Text } from '@mantine/core'
import { memo } from 'react'
import { Link } from 'react-router'
import type { Server } from '../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../contract/ids.ts'
import { useMe } from '../../frame/session.tsx'
import { paths } from '../../paths.ts'
import { addressOf } from '../../ui/address.ts'
import { Age } from '../../ui/age.tsx'
import { coresText, mebibytesText } from '../../ui/amounts.ts'
import { StatusBadge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { serverLooks } from '../../ui/looks.ts'
import { PowerButtons } from '../server/power-buttons.tsx'
import classes from './server-rows.module.css'

interface ServerRowProps {
  readonly server: Server
  readonly selected: boolean
  readonly onToggle: (id: ServerId) => void
}

/** Drawn anew only when its server changed: scrolling a long list moves rows and nothing else. */
export const ServerRow = memo(function ServerRow({ server, selected, onToggle }: ServerRowProps) {
  const me = useMe()
  const address = addressOf(server)
  return (
    <div className={classes.row}>
      <div className={classes.state}>
        <Group gap="xs" wrap="nowrap">
          <Checkbox
            size="xs"
            aria-label={`Choose ${server.name}`}
            checked={selected}
            onChange={() => onToggle(server.id)}
          />
          <StatusBadge look={serverLooks[server.status]} />
        </Group>
        <LastSeen server={server} />
      </div>
      <div className={classes.name}>
        <Anchor component={Link} to={paths.server(server.id)} fw={600} truncate display="block">
          {server.name}
        </Anchor>
        <Text size="xs" c="dimmed" truncate>
          {server.templateName} · {server.ownerName}
          {server.id in me.grants ? ' shares it with you' : ''}
        </Text>
      </div>
      <div className={classes.address}>
        {address === null ? (
          <Text size="sm" c="dimmed">
            No port
          </Text>
        ) : (
          <>
            <code>{address}</code>
            <CopyButton text={address} what="address" />
          </>
        )}
      </div>
      <Text size="sm" className={classes.node} truncate>
        <span className={classes.label}>Node </span>
        {server.nodeName}
      </Text>
      <Text size="sm" className={classes.limits} style={{ whiteSpace: 'nowrap' }}>
        <span className={classes.label}>Limits </span>
        {mebibytesText(server.allocatedMemoryMb)} · {coresText(server.allocatedCpuCores)}
      </Text>
      <Group gap={4} wrap="nowrap" className={classes.power}>
        <PowerButtons server={server} compact />
      </Group>
    </div>
  )
})

/** What is shown of a server whose node is away is as old as the last word from it. */
function LastSeen({ server }: { server: Server }) {
  if (server.nodeStatus !== 'offline' || server.observedAt === null) return null
  return (
    <Text size="xs" c="dimmed">
      <Age at={server.observedAt} />, node offline
    </Text>
  )
}
