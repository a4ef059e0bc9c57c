import { expect, test } from 'vitest'
import type { Server } from '../../contract/api/servers.ts'
import { NodeId, ServerId, TemplateId, UserId } from '../../contract/ids.ts'
import type { ObservedServer } from '../../contract/protocol/spec.ts'
import { retryWait } from '../../web/src/api/live.ts'
import { nothingYet, withFrame, withLive } from '../../web/src/pages/server/live-state.ts'

const id = '01900000-0000-7000-8000-000000000000'
const noon = '2026-01-01T12:00:00.000Z'
const later = '2026-01-01T12:00:05Z'

const server: Server = {
  id: ServerId.parse(id),
  name: 'survival',
  description: null,
  ownerId: UserId.parse(id),
  ownerName: 'Ada',
  templateId: TemplateId.parse(id),
  templateName: 'OpenTTD',
  nodeId: NodeId.parse(id),
  nodeName: 'hel-1',
  nodeStatus: 'online',
  nodeOfflineSince: null,
  status: 'starting',
  state: 'starting',
  observedAt: noon,
  wanted: 'running',
  startedAt: null,
  lastExit: null,
  problem: null,
  allocatedMemoryMb: 512,
  allocatedCpuCores: 1,
  allocationLimit: 1,
  allocatedDiskMb: 1024,
  primaryPort: 3979,
  portBindings: { '3979': 3979 },
  connection: { host: 'hel-1', port: 3979 },
  suspendedAt: null,
  suspendedByUserId: null,
  suspendedUntil: null,
  deletesAt: null,
  suspensionReason: null,
  createdAt: noon,
  updatedAt: noon,
}

const observed = (state: ObservedServer['state'], at: string): ObservedServer => ({
  serverId: server.id,
  incarnation: 0,
  generation: 1,
  state,
  startNo: 1,
  exit: null,
  problem: null,
  ports: [],
  startedAt: at,
  at,
})

const live = { ...nothingYet, link: 'live' } as const

test('what the node said later than the API is shown', () => {
  const state = withFrame(live, { type: 'observed', observed: observed('running', later) })

  expect(withLive(server, state)).toMatchObject({ status: 'running', startedAt: later })
})

test('what the node said earlier than the API is not', () => {
  const state = withFrame(live, { type: 'observed', observed: observed('stopped', noon) })

  expect(withLive(server, state)).toMatchObject({ status: 'starting' })
})

test('a suspended server stays suspended whatever its node sees', () => {
  const state = withFrame(live, { type: 'observed', observed: observed('stopped', later) })

  const shown = withLive({ ...server, status: 'suspended', suspendedAt: noon }, state)

  expect(shown).toMatchObject({ status: 'suspended', state: 'stopped' })
})

test('a node that went away is shown as away, since then', () => {
  const state = withFrame(live, { type: 'node', online: false, at: later })

  expect(withLive(server, state)).toMatchObject({
    nodeStatus: 'offline',
    nodeOfflineSince: later,
  })
})

test('what a socket said of the node no longer counts once it is down', () => {
  const state = withFrame(live, { type: 'node', online: false, at: later })

  expect(withLive(server, { ...state, link: 'waiting' }).nodeStatus).toBe('online')
})

test('a minute of samples is kept', () => {
  let state = nothingYet
  for (let no = 0; no < 100; no += 1) {
    state = withFrame(state, {
      type: 'stats',
      sample: {
        serverId: server.id,
        at: noon,
        cpuPercent: no,
        memoryBytes: 0,
        memoryLimitBytes: 0,
        networkRxBytes: 0,
        networkTxBytes: 0,
        diskBytes: null,
        uptimeMs: 0,
      },
    })
  }

  expect(state.samples).toHaveLength(31)
  expect(state.samples.at(-1)?.cpuPercent).toBe(99)
})

test('a socket waits longer after each failure, never over 31 s and never the same for all', () => {
  expect(retryWait(0, 0)).toBe(250)
  expect(retryWait(3, 1)).toBeGreaterThan(retryWait(2, 1))
  expect(retryWait(50, 1)).toBeLessThanOrEqual(31_000)
  expect(retryWait(3, 0.1)).not.toBe(retryWait(3, 0.9))
})
