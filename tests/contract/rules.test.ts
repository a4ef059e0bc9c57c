import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../contract/ids.ts'
import { commandRules } from '../../contract/protocol/commands.ts'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import { decodeFromAgent, maxFrameBytes } from '../../contract/protocol/frames.ts'
import { nextStates, ServerState, serverCan } from '../../contract/rules/server-states.ts'
import { startupOf, words } from '../../contract/rules/startup.ts'

describe('startup', () => {
  test('fills words after splitting, so that a value is never a second argument', () => {
    const startup = startupOf('argv', 'game --name {{NAME}} "-c {{NAME}}"', { NAME: 'a b; rm' })

    expect(startup).toMatchObject({ command: ['game', '--name', 'a b; rm', '-c a b; rm'] })
  })

  test('hands values to a shell as variables, never as program text', () => {
    const startup = startupOf('shell', 'run {{NAME}} && echo done', { NAME: '$(reboot)' })

    const variable = '$' + '{NAME}'
    expect(startup).toMatchObject({ command: ['/bin/sh', '-c', `run ${variable} && echo done`] })
  })

  test('leaves the command to the image where the image reads it', () => {
    expect(startupOf('image', 'java -jar {{JAR}}', { JAR: 'a.jar' })).toEqual({
      ok: true,
      command: null,
      preview: 'java -jar a.jar',
    })
  })

  test('leaves a placeholder that the panel cannot fill to the image, which may set it itself', () => {
    expect(startupOf('image', 'java -jar {{JAR}} {{JAVA_HOME}}', { JAR: 'a.jar' })).toEqual({
      ok: true,
      command: null,
      preview: 'java -jar a.jar {{JAVA_HOME}}',
    })
  })

  test('names placeholders that nothing fills, and expands no value again', () => {
    expect(startupOf('argv', '{{A}} {{B}} {{A}}', { B: '' })).toEqual({ ok: false, missing: ['A'] })
    expect(startupOf('argv', 'x {{A}}', { A: '{{B}}', B: 'secret' })).toMatchObject({
      command: ['x', '{{B}}'],
    })
    expect(startupOf('argv', 'x {{constructor}}', {})).toMatchObject({ ok: false })
  })

  test.each([
    ['a  b', ['a', 'b']],
    [`a 'b c' "d \\" e"`, ['a', 'b c', 'd " e']],
    ['a "" b', ['a', '', 'b']],
    ['a\\ b', ['a b']],
    ['', []],
  ])('splits %j into words', (line, expected) => {
    expect(words(line)).toEqual(expected)
  })
})

describe('server states', () => {
  test('name only known states, and nothing follows removal', () => {
    expect(Object.keys(nextStates).sort()).toEqual([...ServerState.options].sort())
    expect(nextStates.removed).toEqual([])
  })

  test('allow or give a reason', () => {
    const at = (state: ServerState) => ({ state, wanted: 'stopped', deleting: false }) as const

    expect(serverCan.start(at('stopped'))).toBe(true)
    expect(serverCan.start(at('installing'))).toMatch(/^It is installing/)
    expect(serverCan.stop({ ...at('stopped'), wanted: 'running' })).toBe(true)
    expect(serverCan.kill({ ...at('running'), deleting: true })).toMatch(/being deleted/)
  })
})

describe('frames', () => {
  test('[N8] are refused with a short reason when they are not understood', () => {
    const refused = [
      new ArrayBuffer(8),
      '{',
      '[]',
      '{"type":"nonsense"}',
      '{"type":"accepted","epoch":1,"id":"x","seq":1}',
      `"${'é'.repeat(maxFrameBytes / 2)}"`,
    ].map((frame) => decodeFromAgent(frame))

    for (const decoded of refused) {
      expect(decoded.ok).toBe(false)
      expect(decoded.ok ? '' : decoded.reason).toMatch(/^[\x20-\x7e]{1,120}$/)
    }
  })

  test('[N8] at the size limit are read', () => {
    const frame = { type: 'observed_end', epoch: 1 }
    const padded = JSON.stringify(frame).padEnd(maxFrameBytes, ' ')

    expect(decodeFromAgent(padded)).toEqual({ ok: true, value: frame })
    expect(decodeFromAgent(`${padded} `)).toEqual({ ok: false, reason: 'frame too large' })
  })
})

test('[Q7] every command type says how it may be repeated, for how long, and whether it ends', () => {
  for (const rule of Object.values(commandRules)) {
    expect(rule.maxDurationMs).toBeGreaterThan(0)
    expect(['once', 'probe']).toContain(rule.repeat)
    expect(rule.rollback && rule.repeat === 'once').toBe(false)
  }
})

describe('[D1] the digest of desired states', () => {
  const one = { serverId: id('1'), incarnation: 1, generation: 4 }
  const two = { serverId: id('2'), incarnation: 1, generation: 9 }

  test('does not depend on order and changes with any version', () => {
    expect(desiredDigest([one, two])).toBe(desiredDigest([two, one]))
    const others = [
      [],
      [one],
      [one, { ...two, generation: 10 }],
      [one, { ...two, incarnation: 2 }],
      [
        { ...one, generation: 9 },
        { ...two, generation: 4 },
      ],
    ].map(desiredDigest)

    expect(new Set([...others, desiredDigest([one, two])]).size).toBe(6)
  })
})

describe('ids', () => {
  test('carry their time and the version and variant of RFC 9562', () => {
    const made = uuidv7(0x0192_a1b2_c3d4, new Uint8Array(10).fill(0xff))

    expect(made).toBe('0192a1b2-c3d4-7fff-bfff-ffffffffffff')
    expect(() => uuidv7(0, new Uint8Array(9))).toThrow(RangeError)
  })
})

function id(digit: string) {
  return `00000000-0000-7000-8000-00000000000${digit}` as never // a brand, for a test
}
