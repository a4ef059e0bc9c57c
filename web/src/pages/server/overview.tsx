import { Card, Code, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ServerDetail, servers } from '../../../../contract/api/servers.ts'
import type { ResourceSample } from '../../../../contract/protocol/console.ts'
import { queryOf } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { Facts } from '../../ui/facts.tsx'
import { useNow } from '../../ui/now.tsx'
import { Section } from '../../ui/section.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { durationText } from '../../ui/time-text.ts'
import type { LiveState } from './live-state.ts'
import { metersOf } from './resources.ts'

/** The rail beside the console: what the server uses, and what it is made of. */
export function Overview({ server, live }: { server: ServerDetail; live: LiveState }) {
  return (
    <Stack gap="md">
      <Resources server={server} live={live} />
      <Section title="About">
        <Facts
          of={{
            Description: server.description || null,
            Node: server.nodeName,
            Template: server.templateName,
            Image: <Code>{server.image}</Code>,
            Ports: portsOf(server),
            Owner: server.ownerName,
            Created: <Age at={server.createdAt} />,
          }}
        />
        {server.startupPreview === '' ? null : <Startup line={server.startupPreview} />}
      </Section>
    </Stack>
  )
}

function Startup({ line }: { line: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        Startup
      </Text>
      <Code
        block
        mah={140}
        tabIndex={0}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {line}
      </Code>
    </div>
  )
}

/** Watched servers are measured every two seconds; older figures say how old they are. */
const staleAfterMs = 15_000

function Resources({ server, live }: { server: ServerDetail; live: LiveState }) {
  const last = useQuery({
    ...queryOf(servers.stats, { serverId: server.id }),
    enabled: live.samples.length === 0,
  })
  const samples = live.samples.length > 0 ? live.samples : oneOrNone(last.data?.sample ?? null)
  const newest = samples.at(-1)
  const now = useNow()
  const meters = metersOf(server, samples)
  return (
    <Section title="Resources">
      <Uptime server={server} />
      {newest === undefined ? (
        <Text size="sm" c="dimmed">
          Nothing measured yet. Figures come while the server runs.
        </Text>
      ) : null}
      {meters.map((meter) => (
        <Card key={meter.name} padding={0} bg="transparent">
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm" fw={600}>
              {meter.name}
            </Text>
            <Text size="sm" ta="right">
              {meter.value}
              {meter.limit === null ? null : (
                <Text span c="dimmed" inherit>
                  {' '}
                  of {meter.limit}
                </Text>
              )}
            </Text>
          </Group>
          <Sparkline values={meter.history} top={meter.top} />
        </Card>
      ))}
      {newest !== undefined && now - Date.parse(newest.at) > staleAfterMs ? (
        <Text size="xs" c="dimmed">
          Measured <Age at={newest.at} />
        </Text>
      ) : null}
    </Section>
  )
}

function Uptime({ server }: { server: ServerDetail }) {
  const now = useNow()
  // What an offline node said last is no clock to go on counting by.
  const isSeen = server.state === 'running' && server.nodeStatus !== 'offline'
  if (server.startedAt === null || !isSeen) return null
  return <Facts of={{ 'Up for': durationText(now - Date.parse(server.startedAt)) }} />
}

function oneOrNone(sample: ResourceSample | null): readonly ResourceSample[] {
  return sample === null ? [] : [sample]
}

/** "3979/tcp, 3979/udp"; what is wanted while the engine has made none. */
function portsOf(server: ServerDetail): string | null {
  const made = server.observedPorts.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`)
  const ports = made.length > 0 ? made : Object.values(server.portBindings).map(String)
  return ports.length === 0 ? null : ports.join(', ')
}
