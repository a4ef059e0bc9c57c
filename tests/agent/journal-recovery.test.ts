import { describe, expect, test } from 'vitest'
import type { Command } from '../../contract/protocol/commands.ts'
import { newOperationId } from '../support/server-fixtures.ts'
import { command, done, drive, input, install, kinds, resultOf } from './journal-driver.ts'

describe('after a restart', () => {
  const restarted = (startedTimes: number, what: Command) => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id, { command: what }))
    journal.lanes()
    for (let starts = 1; starts < startedTimes; starts += 1) journal.happen({ type: 'again', id })
    return { id, journal, effects: journal.happen({ type: 'recover' }) }
  }

  test('[Q6] a type that may run once ends indeterminate', () => {
    const { effects } = restarted(1, input)

    expect(kinds(effects)).toEqual(['save', 'report_done'])
    expect(resultOf(effects)).toMatchObject({ outcome: 'indeterminate', code: 'agent_restarted' })
  })

  test('[Q6] of any other it is found out what became of it', () => {
    const { id, journal, effects } = restarted(1, install)

    const found = journal.happen({ type: 'finished', id, result: done })

    expect(kinds(effects)).toEqual(['find_out'])
    expect(resultOf(found)).toEqual(done)
  })

  test('[Q6] what left nothing behind runs again', () => {
    const { id, journal } = restarted(1, install)

    const effects = journal.happen({ type: 'again', id })

    expect(kinds(effects)).toEqual(['save', 'run'])
    expect(effects[1]).toMatchObject({ row: { starts: 2 } })
  })

  test('[Q6] what was started three times is given up', () => {
    const { id, journal } = restarted(3, install)

    const effects = journal.happen({ type: 'again', id })

    expect(effects).toMatchObject([
      { type: 'give_up', result: { outcome: 'failed', code: 'poison' } },
    ])
  })

  test('[Q6] what waits, waits on, and what is settled stays settled', () => {
    const journal = drive()
    journal.happen(command(newOperationId()))

    expect(journal.happen({ type: 'recover' })).toEqual([])
  })

  test('[Q6] a lost journal makes a once-only command that may be a repeat indeterminate', () => {
    const journal = drive()

    const once = journal.happen(command(newOperationId(), { command: input, mayHaveRun: true }))
    const probed = journal.happen(command(newOperationId(), { seq: 2, mayHaveRun: true }))

    expect(resultOf(once)).toMatchObject({ outcome: 'indeterminate' })
    expect(kinds(probed)).toEqual(['save', 'report_accepted'])
  })
})
