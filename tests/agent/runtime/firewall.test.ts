import { describe, expect, test } from 'vitest'
import { NodePolicy } from '../../../agent/policy.ts'
import { firewallScript } from '../../../agent/runtime/firewall.ts'
import { createFirewall } from '../../../agent/runtime/firewall-apply.ts'
import type { RunProgram } from '../../../agent/runtime/run-program.ts'

function rulesOf(policyText: object, chain: string, version: 4 | 6 = 4): string[] {
  const script = firewallScript(NodePolicy.parse(policyText), version)
  return script
    .split('\n')
    .filter((line) => line.startsWith(`-A ${chain} `))
    .map((line) => line.slice(`-A ${chain} `.length))
}

describe('the rules for what containers begin', () => {
  test('let answers pass first, then names, then refuse range by range', () => {
    const rules = rulesOf({ network: { dns: ['9.9.9.9'] } }, 'CATALYST-FORWARD')

    expect(rules.slice(0, 4)).toEqual([
      '-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
      '-d 9.9.9.9/32 -p udp --dport 53 -j RETURN',
      '-d 9.9.9.9/32 -p tcp --dport 53 -j RETURN',
      '-d 10.213.0.0/16 -m comment --comment "catalyst servers" -j CATALYST-REFUSE',
    ])
    for (const range of ['169.254.169.254/32', '169.254.0.0/16', '10.0.0.0/8', '100.64.0.0/10']) {
      expect(rules.find((rule) => rule.startsWith(`-d ${range} `))).toMatch(/CATALYST-REFUSE$/)
    }
  })

  test('refuse everything that is for the node itself', () => {
    expect(rulesOf({}, 'CATALYST-INPUT').at(-1)).toBe(
      '-m comment --comment "catalyst host" -j CATALYST-REFUSE',
    )
    const open = rulesOf({ egress: { hostAddresses: 'allow' } }, 'CATALYST-INPUT')
    expect(open.filter((rule) => rule.includes('REFUSE'))).toEqual([])
  })

  test('put what the policy allows before what it refuses, each in its own version of IP', () => {
    const egress = { allow: ['10.1.0.0/16', 'fd12::/16'] }
    const four = rulesOf({ egress }, 'CATALYST-FORWARD')
    const six = rulesOf({ egress }, 'CATALYST-FORWARD', 6)

    const allowed = four.indexOf('-d 10.1.0.0/16 -j RETURN')
    expect(allowed).toBeGreaterThan(0)
    expect(allowed).toBeLessThan(four.findIndex((rule) => rule.startsWith('-d 10.0.0.0/8')))
    expect(four.join()).not.toContain('fd12::')
    expect(six).toContain('-d fd12::/16 -j RETURN')
    expect(six.join()).not.toMatch(/\d+\.\d+\.\d+\.\d+/)
  })

  test('let metadata be allowed while the range around it is not, and the other way round', () => {
    const rules = rulesOf({ egress: { metadata: 'allow' } }, 'CATALYST-FORWARD')
    const turned = rulesOf({ egress: { linkLocal: 'allow' } }, 'CATALYST-FORWARD')

    const first = (list: string[], range: string) => list.find((rule) => rule.includes(range))
    expect(first(rules, '169.254.169.254/32')).toMatch(/RETURN$/)
    expect(first(rules, '169.254.0.0/16')).toMatch(/REFUSE$/)
    expect(first(turned, '169.254.169.254/32')).toMatch(/REFUSE$/)
    expect(first(turned, '169.254.0.0/16')).toMatch(/RETURN$/)
  })
})

/**
 * The kernel's tables as far as iptables is asked about them here; what was not set up is an error.
 */
class Tables {
  readonly chains = new Map<string, string[]>([
    ['INPUT', ['-A INPUT -p tcp --dport 22 -j ACCEPT']],
    ['FORWARD', ['-A FORWARD -j DOCKER-USER']],
    ['DOCKER-USER', ['-A DOCKER-USER -j RETURN']],
  ])

  readonly run: RunProgram = async (program, args, input = '') => {
    const words = args.slice(2)
    if (program.endsWith('-restore')) return this.restore(input)
    const [verb, chain = '', ...rest] = words
    const rules = this.chains.get(chain)
    if (rules === undefined) return { code: 1, stdout: '', stderr: 'No chain by that name.' }
    switch (verb) {
      case '-S':
        return done([`-N ${chain}`, ...rules].join('\n'))
      case '-I':
        rules.unshift(`-A ${chain} ${rest.slice(1).join(' ')}`)
        return done()
      case '-D':
        rules.splice(Number(rest[0]) - 1, 1)
        return done()
      case '-F':
        rules.length = 0
        return done()
      case '-X':
        this.chains.delete(chain)
        return done()
      default:
        throw new Error(`iptables ${words.join(' ')} was not set up`)
    }
  }

  restore(script: string) {
    for (const line of script.split('\n')) {
      const [, named] = /^:(\S+)/.exec(line) ?? []
      if (named !== undefined) this.chains.set(named, [])
      const [, chain = ''] = /^-A (\S+)/.exec(line) ?? []
      if (line.startsWith('-A')) this.chains.get(chain)?.push(line)
    }
    return done()
  }
}

function done(stdout = '') {
  return { code: 0, stdout, stderr: '' }
}

describe('setting the rules', () => {
  const policy = NodePolicy.parse({})
  /** Only the first version's tables matter; a second agent finds the same ones. */
  function firewallOn(tables: Tables) {
    return createFirewall(policy, (program, args, input) =>
      program.startsWith('ip6') ? Promise.resolve(done()) : tables.run(program, args, input),
    )
  }

  test('puts ours before every other, however often and wherever they were', async () => {
    const tables = new Tables()
    const firewall = firewallOn(tables)

    expect(await firewall.apply()).toBeNull()
    tables.chains.get('INPUT')?.unshift('-A INPUT -j ACCEPT')
    expect(await firewall.apply()).toBeNull()
    expect(await firewall.apply()).toBeNull()

    expect(tables.chains.get('INPUT')).toEqual([
      '-A INPUT -i ct-+ -m comment --comment catalyst -j CATALYST-INPUT',
      '-A INPUT -j ACCEPT',
      '-A INPUT -p tcp --dport 22 -j ACCEPT',
    ])
    expect(tables.chains.get('DOCKER-USER')).toEqual([
      '-A DOCKER-USER -i ct-+ -m comment --comment catalyst -j CATALYST-FORWARD',
      '-A DOCKER-USER -j RETURN',
    ])
  })

  test('hooks into FORWARD where the engine keeps no chain for others', async () => {
    const tables = new Tables()
    tables.chains.delete('DOCKER-USER')

    await firewallOn(tables).apply()

    expect(tables.chains.get('FORWARD')?.[0]).toMatch(/-j CATALYST-FORWARD$/)
  })

  test('takes everything out again, and nothing of others', async () => {
    const tables = new Tables()
    const before = new Map([...tables.chains].map(([name, rules]) => [name, [...rules]]))
    const firewall = firewallOn(tables)

    await firewall.apply()
    await firewall.remove()

    expect(tables.chains).toEqual(before)
  })

  test('that is not possible is a warning with the reason', async () => {
    const firewall = createFirewall(policy, async () => ({
      code: 4,
      stdout: '',
      stderr: 'iptables v1.8.9: Permission denied (you must be root)',
    }))

    expect(await firewall.apply()).toMatch(/no firewall rules.*Permission denied/)
    expect(await firewall.check()).toMatch(/Permission denied/)
  })
})
