import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { LocationId, NodeId, PoolId } from '../../../contract/ids.ts'
import type { HostFacts, RuntimeFacts } from '../../../contract/protocol/frames.ts'

export const locations = sqliteTable('locations', {
  id: text().$type<LocationId>().primaryKey(),
  name: text().notNull().unique(),
  description: text(),
  createdAt: integer('created_at').notNull(),
})
export type LocationRow = typeof locations.$inferSelect

export const nodes = sqliteTable(
  'nodes',
  {
    id: text().$type<NodeId>().primaryKey(),
    name: text().notNull().unique(),
    description: text(),
    locationId: text('location_id')
      .$type<LocationId>()
      .notNull()
      .references(() => locations.id),
    /** What players connect to. */
    publicAddress: text('public_address').notNull(),
    /** Null: as much as the host has. */
    maxMemoryMb: integer('max_memory_mb'),
    /** Null: not limited. */
    maxCpuCores: real('max_cpu_cores'),
    /** How often over servers may be given what there is; 1: once. */
    memoryOvercommit: real('memory_overcommit').notNull().default(1),
    cpuOvercommit: real('cpu_overcommit').notNull().default(1),
    diskOvercommit: real('disk_overcommit').notNull().default(1),
    /** Null: as much as the host has. */
    maxDiskMb: integer('max_disk_mb'),
    /** What a server that is placed may ask for. */
    tags: text({ mode: 'json' }).$type<readonly string[]>().notNull().default([]),
    /** No new server comes here. */
    maintenance: integer({ mode: 'boolean' }).notNull().default(false),
    /** Its own range, on every IPv4 address; what it gives away beside that are its pools. */
    portFrom: integer('port_from').notNull(),
    portTo: integer('port_to').notNull(),
    createdAt: integer('created_at').notNull(),

    /** One more with each change of a desired state on this node [L3]. */
    revision: integer().notNull().default(0),
    /** The agent's Ed25519 key in base64; null: nobody may connect as this node. */
    publicKey: text('public_key'),
    /** Whether the node's object still has to be told of `publicKey`. */
    keyPending: integer('key_pending', { mode: 'boolean' }).notNull().default(false),
    machineId: text('machine_id'),
    enrolledAt: integer('enrolled_at'),
    /** The highest event number of the object that is in this database [L1]. */
    ledgerAppliedTo: integer('ledger_applied_to').notNull().default(0),

    online: integer({ mode: 'boolean' }).notNull().default(false),
    lastSeenAt: integer('last_seen_at'),
    offlineSince: integer('offline_since'),
    offlineReason: text('offline_reason'),
    alert: text(),
    agentVersion: text('agent_version'),
    agentProto: integer('agent_proto'),
    host: text({ mode: 'json' }).$type<HostFacts>(),
    runtime: text({ mode: 'json' }).$type<RuntimeFacts>(),
  },
  (table) => [index('nodes_location').on(table.locationId)],
)
export type NodeRow = typeof nodes.$inferSelect

/** One-time tokens with which an agent becomes a node [N1]. */
export const joinTokens = sqliteTable(
  'join_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    nodeId: text('node_id')
      .$type<NodeId>()
      .notNull()
      .references(() => nodes.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('join_tokens_node').on(table.nodeId)],
)

/** Addresses and ports that a node gives away. They are ranges, and no row is made of what is in them. */
export const ipPools = sqliteTable(
  'ip_pools',
  {
    id: text().$type<PoolId>().primaryKey(),
    nodeId: text('node_id')
      .$type<NodeId>()
      .notNull()
      .references(() => nodes.id, { onDelete: 'cascade' }),
    /** One address or a range of them, without host bits. */
    cidr: text().notNull(),
    portFrom: integer('port_from').notNull(),
    portTo: integer('port_to').notNull(),
    alias: text(),
    /** What players connect to in place of address and port; the ports that follow have those that follow. */
    publicHost: text('public_host'),
    publicPortFrom: integer('public_port_from'),
    /** Whether owners may take from it, and servers that ask for no port in particular. */
    selfService: integer('self_service', { mode: 'boolean' }).notNull(),
  },
  (table) => [
    uniqueIndex('ip_pools_range').on(table.nodeId, table.cidr, table.portFrom, table.portTo),
  ],
)
export type IpPoolRow = typeof ipPools.$inferSelect
