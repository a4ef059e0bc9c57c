import { describe, expect, test } from 'vitest'
import {
  cgroupFilesOf,
  limitOf,
  networkBytes,
  statValue,
} from '../../../agent/runtime/cgroup-files.ts'
import { toRuntimeError } from '../../../agent/runtime/docker-errors.ts'
import { isOldRunc, warningsOf } from '../../../agent/runtime/docker-facts.ts'
import { readingOf } from '../../../agent/runtime/docker-stats.ts'
import { hardLimitIn } from '../../../agent/runtime/open-files.ts'
import { socketsOn } from '../../../agent/runtime/port-owner.ts'
import { sampleBetween } from '../../../agent/runtime/usage.ts'
import { newServerId } from '../../support/server-fixtures.ts'

/** As dockerode throws it. */
function engineError(statusCode: number, words: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${words} `), {
    statusCode,
  })
}

function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code} /var/run/docker.sock`), { code })
}

describe('what went wrong is recognised, and told in the words of the engine', () => {
  test.each([
    [500, 'driver failed: Bind for 0.0.0.0:80 failed: port is already allocated', 'port_in_use'],
    [500, 'listen udp4 0.0.0.0:80: bind: address already in use', 'port_in_use'],
    [500, 'failed to bind host port 0.0.0.0:80/tcp: address already in use', 'port_in_use'],
    [404, 'No such image: nope:1', 'image_missing'],
    [404, 'No such container: abc', 'no_such_container'],
    [500, 'write /var/lib/docker/x: no space left on device', 'disk_full'],
    [400, 'OCI runtime create failed: exec format error', 'failed'],
  ])('%i %s', (status, words, fault) => {
    expect(toRuntimeError(engineError(status, words))).toMatchObject({ fault, message: words })
  })

  test.each(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EACCES'])('%s: no engine', (code) => {
    expect(toRuntimeError(systemError(code))).toMatchObject({ fault: 'engine_down' })
  })
})

describe('runc with known ways out', () => {
  test.each(['1.1.5', '1.1.15', '1.2.0', '1.2.7', '1.3.0', '1.3.2', '1.0.0-rc93', '1.1.5+ds1-1'])(
    '%s',
    (version) => {
      expect(isOldRunc(version)).toBe(true)
    },
  )

  test.each(['1.2.8', '1.3.3', '1.3.10', '1.4.0', '2.0.0'])('%s is not one', (version) => {
    expect(isOldRunc(version)).toBe(false)
  })

  test('is warned of, as is an engine without limits or filters', () => {
    const weak = { SwapLimit: false, PidsLimit: false, SecurityOptions: ['name=apparmor'] }
    const good = {
      SwapLimit: true,
      PidsLimit: true,
      SecurityOptions: ['name=seccomp,profile=default'],
    }

    expect(warningsOf('1.1.5', weak)).toHaveLength(4)
    expect(warningsOf('1.3.3', good)).toEqual([])
    expect(warningsOf(null, {})).toEqual([])
  })
})

describe("a container's control groups are found", () => {
  const id = 'c0ffee'.repeat(10)

  test('in the first version, by controller', () => {
    const table = `12:memory:/docker/${id}\n4:cpu,cpuacct:/docker/${id}\n1:name=systemd:/docker/${id}\n0::/\n`

    expect(cgroupFilesOf(table, id)).toEqual({
      version: 1,
      cpu: `/sys/fs/cgroup/cpuacct/docker/${id}`,
      memory: `/sys/fs/cgroup/memory/docker/${id}`,
    })
  })

  test('in the second version, for either driver', () => {
    const scope = `/system.slice/docker-${id}.scope`

    expect(cgroupFilesOf(`0::${scope}\n`, id)).toEqual({
      version: 2,
      folder: `/sys/fs/cgroup${scope}`,
    })
    expect(cgroupFilesOf(`0::/docker/${id}\n`, id)).toMatchObject({ version: 2 })
  })

  test('and not those of another process that has got the number since', () => {
    expect(cgroupFilesOf('0::/user.slice/session-1.scope\n', id)).toBeNull()
    expect(cgroupFilesOf(`0::/../docker/${id}\n`, id)).toBeNull()
  })

  test('and their numbers are read', () => {
    const dev =
      'Inter-| Receive | Transmit\n face |bytes\n    lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n  eth0: 100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n'

    expect(statValue('inactive_file 4096\ntotal_inactive_file 8192\n', 'total_inactive_file')).toBe(
      8192,
    )
    expect(statValue('usage_usec 12', 'nothing')).toBeNull()
    expect(limitOf('max\n', 1000)).toBe(1000)
    expect(limitOf('500\n', 1000)).toBe(500)
    expect(limitOf('9223372036854771712\n', 1000)).toBe(1000)
    expect(networkBytes(dev)).toEqual({ rx: 100, tx: 200 })
  })
})

describe('a sample', () => {
  const reading = {
    at: 1_000,
    cpuNs: 0,
    memoryBytes: 5,
    memoryLimitBytes: 10,
    networkRxBytes: 1,
    networkTxBytes: 2,
  }

  test('is what was used between two readings', () => {
    const later = { ...reading, at: 3_000, cpuNs: 3_000_000_000 }

    const sample = sampleBetween(reading, later, { serverId: newServerId(), startedAt: 500 })

    expect(sample).toMatchObject({ cpuPercent: 150, uptimeMs: 2_500, diskBytes: null })
  })

  test('comes from the engine where its files cannot be read, less the cache', () => {
    const answer = {
      cpu_stats: { cpu_usage: { total_usage: 7 } },
      memory_stats: { usage: 100, limit: 1000, stats: { inactive_file: 30 } },
      networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
    }

    expect(readingOf(answer, 9)).toEqual({
      at: 9,
      cpuNs: 7,
      memoryBytes: 70,
      memoryLimitBytes: 1000,
      networkRxBytes: 11,
      networkTxBytes: 22,
    })
    expect(
      readingOf({ cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }, 9),
    ).toBeNull()
  })
})

test('sockets on a port are found in the tables of the kernel', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
    '   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1',
    '   2: 00000000:0050 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 333 2',
  ].join('\n')

  expect(socketsOn(table, 8080, 'tcp')).toEqual(['111'])
  expect(socketsOn(table, 80, 'udp')).toEqual(['333'])
  expect(socketsOn(table, 81, 'udp')).toEqual([])
})

test('the limit of open files is read, also where there is none', () => {
  expect(
    hardLimitIn('Max open files            1024                 20000                files\n'),
  ).toBe(20_000)
  expect(
    hardLimitIn('Max open files            1024                 unlimited            files\n'),
  ).toBe(Number.POSITIVE_INFINITY)
})
