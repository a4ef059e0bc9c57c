import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import type { Node } from '../../../../../contract/api/nodes.ts'
import { paths } from '../../../paths.ts'
import { Age } from '../../../ui/age.tsx'
import { counted, mebibytesText } from '../../../ui/amounts.ts'
import { StatusBadge } from '../../../ui/badge.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { nodeLooks } from '../../../ui/looks.ts'
import { Section } from '../../../ui/section.tsx'
import { cpuUse, diskUse, memoryUse } from './capacity.ts'
import { NodeAge } from './node-age.tsx'

export function NodeFacts({ node }: { node: Node }) {
  const { host, runtime } = node
  return (
    <Section title="Facts">
      <Facts
        of={{
          State: (
            <>
              <StatusBadge look={nodeLooks[node.status]} />
              <NodeAge node={node} />
            </>
          ),
          'Last seen': node.lastSeenAt === null ? null : <Age at={node.lastSeenAt} />,
          Address: node.publicAddress,
          Location: node.locationName,
          Description: node.description,
          Servers: (
            <Anchor component={Link} to={paths.servers({ node: node.id })} inherit>
              {counted(node.serverCount, 'server')}
            </Anchor>
          ),
          Memory: memoryUse(node),
          CPU: cpuUse(node),
          Ports: `${node.portFrom} to ${node.portTo}`,
          Addresses: host?.addresses?.join(', ') ?? null,
          Tags: node.tags.length === 0 ? null : node.tags.join(', '),
          Placement: node.maintenance ? 'In maintenance: no new server comes here' : null,
          'Disk promised': diskUse(node),
          Disk: host === null ? null : diskText(host),
          Machine: host === null ? null : `${host.hostname}, ${host.os}, ${host.arch}`,
          Kernel: host?.kernel ?? null,
          Engine: runtime === null ? null : engineText(runtime),
          Agent: node.agentVersion,
          Added: <Age at={node.createdAt} />,
        }}
      />
    </Section>
  )
}

function diskText({ diskMb, diskFreeMb }: NonNullable<Node['host']>): string {
  return `${mebibytesText(diskFreeMb)} free of ${mebibytesText(diskMb)}`
}

function engineText({ engine, runc, cgroup }: NonNullable<Node['runtime']>): string {
  if (engine === null) return 'does not answer'
  return `${engine.name} ${engine.version}, runc ${runc ?? 'unknown'}, cgroup ${cgroup}`
}
