import { eq } from 'drizzle-orm'
import { TemplateBody } from '../../contract/api/template-fields.ts'
import type {
  AllocationId,
  LocationId,
  NodeId,
  ServerId,
  TemplateId,
  UserId,
} from '../../contract/ids.ts'
import { type BuiltinRole, builtinRoles, type Permission } from '../../contract/permissions.ts'
import type { HostFacts, RuntimeFacts } from '../../contract/protocol/frames.ts'
import { nobodysHash } from '../../worker/crypto.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { locations, nodes } from '../../worker/db/schema/fleet.ts'
import { serverUsers, userRoles } from '../../worker/db/schema/rights.ts'
import { allocations, servers, templates } from '../../worker/db/schema/servers.ts'
import { type Deps, newId } from '../../worker/services/context.ts'

const host: HostFacts = {
  hostname: 'node',
  os: 'Debian 12',
  arch: 'x64',
  kernel: '6.1',
  cpus: 8,
  memoryMb: 16_384,
  diskMb: 500_000,
  diskFreeMb: 400_000,
}

const runtime: RuntimeFacts = {
  engine: { name: 'docker', version: '27' },
  runc: '1.3.3',
  cgroup: 'v2',
  warnings: [],
}

export type UserChange = Partial<typeof users.$inferInsert> & {
  /** The one role it has. */
  readonly role?: BuiltinRole
}
export type NodeChange = Partial<typeof nodes.$inferInsert>
export type ServerChange = Partial<typeof servers.$inferInsert> & { readonly port?: number }

/** Writes rows as they would be after a while of use, past the API. Names are numbered to differ. */
export function rowsIn(deps: Deps) {
  let count = 0
  const numbered = (word: string) => {
    count += 1
    return `${word} ${count}`
  }
  const first = async <T>(rows: Promise<T[]>): Promise<T> => {
    const [row] = await rows
    if (row === undefined) throw new Error('no row')
    return row
  }
  const { db } = deps
  const createdAt = () => deps.clock.now()
  return {
    user: async ({ role = 'user', ...change }: UserChange = {}) => {
      const name = numbered('User')
      const email = `${name.toLowerCase().replace(' ', '')}@example.org`
      const id = newId<UserId>(deps)
      const given = { id, email, name, passwordHash: nobodysHash }
      const user = await first(
        db
          .insert(users)
          .values({ ...given, createdAt: createdAt(), ...change })
          .returning(),
      )
      await db.insert(userRoles).values({ userId: user.id, roleId: builtinRoles[role].id })
      return user
    },
    /** Shares a server. */
    subUser: async (serverId: ServerId, userId: UserId, permissions: readonly Permission[]) => {
      await db.insert(serverUsers).values({ serverId, userId, permissions, createdAt: createdAt() })
    },
    location: () => {
      const row = { id: newId<LocationId>(deps), name: numbered('Location') }
      return first(
        db
          .insert(locations)
          .values({ ...row, createdAt: createdAt() })
          .returning(),
      )
    },
    node: async (change: NodeChange & { locationId: LocationId }) => {
      const row = {
        id: newId<NodeId>(deps),
        name: numbered('Node'),
        publicAddress: 'node.example.org',
        portFrom: 20_000,
        portTo: 29_999,
        publicKey: 'a'.repeat(43).concat('='),
        enrolledAt: createdAt(),
        online: true,
        host,
        runtime,
        createdAt: createdAt(),
      }
      return first(
        db
          .insert(nodes)
          .values({ ...row, ...change })
          .returning(),
      )
    },
    template: (change: Partial<TemplateBody> = {}) => {
      const body = TemplateBody.parse({
        name: numbered('Template'),
        image: 'registry.example/game:1',
        startup: './game --port {{SERVER_PORT}}',
        startupMode: 'argv',
        installScript: 'echo installed',
        supportedPorts: [3979],
        ...change,
      })
      const id = newId<TemplateId>(deps)
      return first(
        db
          .insert(templates)
          .values({ id, ...body, createdAt: createdAt(), updatedAt: createdAt() })
          .returning(),
      )
    },
    server: async ({
      port = 21_000 + count,
      ...change
    }: ServerChange & { ownerId: UserId; templateId: TemplateId; nodeId: NodeId }) => {
      const row = await first(
        db
          .insert(servers)
          .values({
            id: newId<ServerId>(deps),
            name: numbered('Server'),
            allocatedMemoryMb: 512,
            allocatedCpuCores: 1,
            allocatedDiskMb: 1024,
            environment: {},
            nodeRevision: 0,
            state: 'stopped',
            createdAt: createdAt(),
            updatedAt: createdAt(),
            ...change,
          })
          .returning(),
      )
      await db.insert(allocations).values({
        ...{ id: newId<AllocationId>(deps), nodeId: row.nodeId, serverId: row.id },
        ...{ ip: '0.0.0.0', port, containerPort: port, protocol: 'both', isPrimary: true },
      })
      return row
    },
    deleteServer: async (id: ServerId) => {
      await db.delete(allocations).where(eq(allocations.serverId, id))
      await db.delete(servers).where(eq(servers.id, id))
    },
  }
}
