import { sql } from 'drizzle-orm'
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { TemplateBody, TemplateFormat } from '../../../contract/api/template-fields.ts'
import type { AllocationId, NodeId, ServerId, TemplateId, UserId } from '../../../contract/ids.ts'
import type {
  Environment,
  PortBinding,
  Power,
  ServerExit,
  ServerProblem,
} from '../../../contract/protocol/spec.ts'
import type { BoundProtocol } from '../../../contract/rules/ports.ts'
import type { ServerState } from '../../../contract/rules/server-states.ts'
import { users } from './accounts.ts'
import { nodes } from './fleet.ts'

export const templates = sqliteTable('templates', {
  id: text().$type<TemplateId>().primaryKey(),
  name: text().notNull().unique(),
  description: text().notNull(),
  author: text().notNull(),
  version: text().notNull(),
  category: text().notNull().default(''),
  image: text().notNull(),
  images: text({ mode: 'json' }).$type<TemplateBody['images']>().notNull().default([]),
  installImage: text('install_image'),
  installEntrypoint: text('install_entrypoint').notNull(),
  installScript: text('install_script'),
  startup: text().notNull(),
  startups: text({ mode: 'json' }).$type<TemplateBody['startups']>().notNull().default([]),
  startupMode: text('startup_mode').$type<TemplateBody['startupMode']>().notNull(),
  ready: text({ mode: 'json' }).$type<TemplateBody['ready']>().notNull(),
  stopCommand: text('stop_command').notNull(),
  sendSignalTo: text('send_signal_to').$type<TemplateBody['sendSignalTo']>().notNull(),
  stopGraceSeconds: integer('stop_grace_seconds').notNull(),
  readOnlyRoot: integer('read_only_root', { mode: 'boolean' }).notNull(),
  variables: text({ mode: 'json' }).$type<TemplateBody['variables']>().notNull(),
  configFiles: text('config_files', { mode: 'json' })
    .$type<TemplateBody['configFiles']>()
    .notNull()
    .default([]),
  fileDenylist: text('file_denylist', { mode: 'json' })
    .$type<TemplateBody['fileDenylist']>()
    .notNull()
    .default([]),
  supportedPorts: text('supported_ports', { mode: 'json' })
    .$type<TemplateBody['supportedPorts']>()
    .notNull(),
  allocatedMemoryMb: integer('allocated_memory_mb').notNull(),
  allocatedCpuCores: real('allocated_cpu_cores').notNull(),
  updateUrl: text('update_url'),
  features: text({ mode: 'json' }).$type<TemplateBody['features']>().notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
})
export type TemplateRow = typeof templates.$inferSelect

/** The document that a template was read from, so that nothing of it is lost when it is written again. */
export const templateSources = sqliteTable('template_sources', {
  templateId: text('template_id')
    .$type<TemplateId>()
    .primaryKey()
    .references(() => templates.id, { onDelete: 'cascade' }),
  format: text().$type<TemplateFormat>().notNull(),
  document: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
  readAt: integer('read_at').notNull(),
})
export type TemplateSourceRow = typeof templateSources.$inferSelect

export const servers = sqliteTable(
  'servers',
  {
    id: text().$type<ServerId>().primaryKey(),
    name: text().notNull(),
    description: text(),
    ownerId: text('owner_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    templateId: text('template_id')
      .$type<TemplateId>()
      .notNull()
      .references(() => templates.id),
    nodeId: text('node_id')
      .$type<NodeId>()
      .notNull()
      .references(() => nodes.id),
    allocatedMemoryMb: integer('allocated_memory_mb').notNull(),
    allocatedCpuCores: real('allocated_cpu_cores').notNull(),
    allocatedDiskMb: integer('allocated_disk_mb').notNull(),
    /** How many allocations its owner may bring it to; who may add any is not bound by it. */
    allocationLimit: integer('allocation_limit').notNull().default(1),
    /** What the owner has set; the template's defaults stand below it. */
    environment: text({ mode: 'json' }).$type<Environment>().notNull(),
    /** Null: the template's. */
    image: text(),
    /** Which of the template's startup lines; null: its usual one. */
    startupName: text('startup_name'),
    /** A line of its own, above all of the template's; null: none. */
    startupCommand: text('startup_command'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),

    // Desired: what should be [D1].
    generation: integer().notNull().default(1),
    /** The node's revision that the newest generation made. */
    nodeRevision: integer('node_revision').notNull(),
    wanted: text().$type<Power['wanted']>().notNull().default('stopped'),
    startNo: integer('start_no').notNull().default(0),
    /** The highest start number ever given out: one that was taken back is not given again. */
    lastStartNo: integer('last_start_no').notNull().default(0),
    how: text().$type<Power['how']>().notNull().default('stop'),
    suspendedAt: integer('suspended_at'),
    suspendedByUserId: text('suspended_by_user_id').$type<UserId>(),
    suspensionReason: text('suspension_reason'),
    suspendedUntil: integer('suspended_until'),
    /** When the owner was last warned that a suspended server will be deleted. */
    deletionWarnedAt: integer('deletion_warned_at'),
    removed: integer({ mode: 'boolean' }).notNull().default(false),

    // Observed: what its node saw last [D3].
    state: text().$type<ServerState>().notNull().default('not_installed'),
    observedAt: integer('observed_at'),
    observedIncarnation: integer('observed_incarnation').notNull().default(0),
    observedGeneration: integer('observed_generation').notNull().default(0),
    observedStartNo: integer('observed_start_no').notNull().default(0),
    lastExit: text('last_exit', { mode: 'json' }).$type<ServerExit>(),
    problem: text({ mode: 'json' }).$type<ServerProblem>(),
    observedPorts: text('observed_ports', { mode: 'json' }).$type<readonly PortBinding[]>(),
    startedAt: integer('started_at'),
  },
  (table) => [
    index('servers_owner').on(table.ownerId),
    index('servers_template').on(table.templateId),
    index('servers_node_revision').on(table.nodeId, table.nodeRevision),
    index('servers_name').on(table.name),
    index('servers_suspended_until').on(table.suspendedUntil),
  ],
)
export type ServerRow = typeof servers.$inferSelect

/**
 * Who has which port of a node. What two rows conflict in is told by `contract/rules/ports.ts`; the indexes
 * hold the part of it that an index can.
 */
export const allocations = sqliteTable(
  'allocations',
  {
    id: text().$type<AllocationId>().primaryKey(),
    nodeId: text('node_id')
      .$type<NodeId>()
      .notNull()
      .references(() => nodes.id),
    serverId: text('server_id')
      .$type<ServerId>()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** In the shortest form, so that equal addresses are equal texts. */
    ip: text().notNull(),
    port: integer().notNull(),
    protocol: text().$type<BoundProtocol>().notNull(),
    containerPort: integer('container_port').notNull(),
    isPrimary: integer('is_primary', { mode: 'boolean' }).notNull(),
    notes: text(),
    /** What people call it. */
    alias: text(),
    /** The server's variable that holds the container port. */
    variable: text(),
    /** What players connect to in place of the address, behind NAT, a tunnel or a proxy. */
    publicHost: text('public_host'),
    publicPort: integer('public_port'),
  },
  (table) => [
    uniqueIndex('allocations_tcp')
      .on(table.nodeId, table.port, table.ip)
      .where(sql`${table.protocol} <> 'udp'`),
    uniqueIndex('allocations_udp')
      .on(table.nodeId, table.port, table.ip)
      .where(sql`${table.protocol} <> 'tcp'`),
    uniqueIndex('allocations_primary').on(table.serverId).where(sql`${table.isPrimary} = 1`),
    uniqueIndex('allocations_variable').on(table.serverId, table.variable),
    index('allocations_server').on(table.serverId),
  ],
)
export type AllocationRow = typeof allocations.$inferSelect
