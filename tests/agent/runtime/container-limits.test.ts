import { describe, expect, test } from 'vitest'
import { limitRequest, memoryBytes } from '../../../agent/runtime/container-limits.ts'
import { Limits } from '../../../contract/protocol/spec.ts'

const mebibyte = 1024 * 1024
const small = { memoryMb: 1000, cpuCores: 1.5, diskMb: 1000 }
const policy = { pidsLimit: 512 }

test('memory has room on top: 15, 10 or 5 percent', () => {
  expect([1000, 2048, 4096, 8000].map((mb) => memoryBytes(mb) / mebibyte)).toEqual([
    1150, 2356, 4506, 8400,
  ])
})

test('memory has the room that the spec says, none as well', () => {
  expect([0, 25].map((percent) => memoryBytes(1000, percent) / mebibyte)).toEqual([1000, 1250])
})

describe('limits that a spec leaves out', () => {
  test('are no swap, all cores, the engine’s share of the disk and the policy’s processes', () => {
    expect(limitRequest(small, policy)).toEqual({
      Memory: 1150 * mebibyte,
      MemorySwap: 1150 * mebibyte,
      CpuPeriod: 100_000,
      CpuQuota: 150_000,
      PidsLimit: 512,
    })
  })

  test('may be left out by a panel that does not know them', () => {
    expect(Limits.parse(small)).toEqual(small)
  })
})

test('limits that a spec names are the engine’s, but never more processes than the policy lets', () => {
  const limits = { ...small, swapMb: 256, cpuSet: '0-1,3', ioWeight: 200, pids: 100 }

  expect(limitRequest(limits, policy)).toMatchObject({
    MemorySwap: (1150 + 256) * mebibyte,
    CpusetCpus: '0-1,3',
    BlkioWeight: 200,
    PidsLimit: 100,
  })
  expect(limitRequest({ ...limits, pids: 30_000 }, policy).PidsLimit).toBe(512)
})

test.each(['', '0-', '0,,1', '0;1', 'all', '0-1-2', ' 0', '12345'])(
  'cores are numbers and ranges, and "%s" is neither',
  (cpuSet) => {
    expect(Limits.safeParse({ ...small, cpuSet }).success).toBe(false)
  },
)
