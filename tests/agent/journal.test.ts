import { describe, expect, test } from 'vitest'
import { nextDeadline } from '../../agent/journal.ts'
import type { CommandResult } from '../../contract/protocol/commands.ts'
import { newOperationId, newServerId } from '../support/server-fixtures.ts'
import {
  command,
  done,
  drive,
  input,
  install,
  kinds,
  resultOf,
  serverId,
} from './journal-driver.ts'

describe('a command', () => {
  test('[Q4] is written down before it is reported as accepted', () => {
    const effects = drive().happen(command(newOperationId()))

    expect(kinds(effects)).toEqual(['save', 'report_accepted'])
  })

  test('[Q4] is written down as started, with a count, before it runs', () => {
    const journal = drive()
    journal.happen(command(newOperationId()))

    const effects = journal.lanes()

    expect(kinds(effects)).toEqual(['save', 'run'])
    expect(effects[0]).toMatchObject({ row: { phase: 'started', starts: 1 } })
  })

  test('[Q4] has its result written down before that is reported', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))
    journal.lanes()

    const effects = journal.happen({ type: 'finished', id, result: done })

    expect(kinds(effects)).toEqual(['save', 'report_done'])
    expect(effects[0]).toMatchObject({ row: { phase: 'settled', result: done } })
  })

  test('[Q4] that is settled and comes again is answered again, not run again', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))
    journal.lanes()
    journal.happen({ type: 'finished', id, result: done })

    const effects = [...journal.happen(command(id)), ...journal.lanes()]

    expect(kinds(effects)).toEqual(['report_done'])
    expect(resultOf(effects)).toEqual(done)
  })

  test('[Q4] that comes again while it waits or runs is accepted again, and runs once', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))

    const waiting = journal.happen(command(id))
    const started = journal.lanes()
    const running = [...journal.happen(command(id)), ...journal.lanes()]

    expect(kinds(waiting)).toContain('report_accepted')
    expect(kinds(started)).toEqual(['save', 'run'])
    expect(kinds(running)).toEqual(['report_accepted'])
  })

  test('a result that comes twice changes nothing', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))
    journal.lanes()
    journal.happen({ type: 'finished', id, result: done })

    const late: CommandResult = { outcome: 'failed', code: 'internal', message: 'late' }

    expect(journal.happen({ type: 'finished', id, result: late })).toEqual([])
    expect(journal.state.rows.get(id)?.result).toEqual(done)
  })
})

describe('lanes', () => {
  test('[Q2] one command of a server runs at a time, in order of its number', () => {
    const [first, second] = [newOperationId(), newOperationId()]
    const journal = drive()
    journal.happen(command(second, { seq: 2 }))
    journal.happen(command(first, { seq: 1 }))

    const started = journal.lanes()
    const meanwhile = journal.lanes()
    journal.happen({ type: 'finished', id: first, result: done })
    const next = journal.lanes()

    expect(started).toMatchObject([{ type: 'save' }, { type: 'run', row: { id: first } }])
    expect(meanwhile).toEqual([])
    expect(next).toMatchObject([{ type: 'save' }, { type: 'run', row: { id: second } }])
  })

  test('[Q2] servers do not wait for each other', () => {
    const journal = drive()
    journal.happen(command(newOperationId(), { seq: 1 }))
    journal.happen(
      command(newOperationId(), { seq: 2, command: { ...install, serverId: newServerId() } }),
    )

    expect(kinds(journal.lanes()).filter((kind) => kind === 'run')).toHaveLength(2)
  })

  test('[D1] a server that is being reconciled is waited for', () => {
    const journal = drive()
    journal.happen(command(newOperationId()))

    expect(journal.lanes(serverId)).toEqual([])
    expect(kinds(journal.lanes())).toEqual(['save', 'run'])
  })
})

describe('the window', () => {
  test('[Q5] a settled row stays until low has passed it', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id, { seq: 5 }))
    journal.lanes()
    journal.happen({ type: 'finished', id, result: done })

    const before = journal.happen({ type: 'low', low: 5 })
    const after = journal.happen({ type: 'low', low: 6 })

    expect(before).toEqual([])
    expect(after).toEqual([{ type: 'drop', ids: [id] }])
  })

  test('[Q5] a running row stays whatever low says, one that only waits does not start', () => {
    const [started, waiting] = [newOperationId(), newOperationId()]
    const journal = drive()
    journal.happen(command(started, { seq: 1 }))
    journal.lanes()
    journal.happen(command(waiting, { seq: 2 }))

    journal.happen({ type: 'low', low: 9 })

    expect([...journal.state.rows.keys()]).toEqual([started])
  })

  test('[Q5] an echo from below low is not taken for an order', () => {
    const journal = drive()
    journal.happen({ type: 'low', low: 10 })

    const effects = journal.happen(command(newOperationId(), { seq: 9, low: 10 }))

    expect(effects).toEqual([])
  })
})

describe('deadlines', () => {
  test('[Q9] nothing starts after its deadline', () => {
    const journal = drive()
    journal.happen(command(newOperationId(), { deadlineInMs: 500 }))
    journal.at(1500)

    const effects = journal.lanes()

    expect(kinds(effects)).toEqual(['save', 'report_done'])
    expect(resultOf(effects)).toMatchObject({ outcome: 'expired' })
  })

  test('[Q9] what waits for its lane expires in time, not when the lane is free', () => {
    const journal = drive()
    journal.happen(command(newOperationId(), { deadlineInMs: 500 }))

    expect(nextDeadline(journal.state, { bootId: 'boot-1' })).toBe(1500)
    journal.at(1500)

    expect(resultOf(journal.lanes(serverId))).toMatchObject({ outcome: 'expired' })
  })

  test('[Q9] a repeat on a slow line does not lengthen it', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id, { deadlineInMs: 500 }))
    journal.at(1400)

    journal.happen(command(id, { deadlineInMs: 500 }))
    journal.at(1500)

    expect(resultOf(journal.lanes())).toMatchObject({ outcome: 'expired' })
  })

  test('[Q9] after the host’s restart a deadline is unknown until the object tells it again', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id, { deadlineInMs: 500 }))
    journal.at(7, 'boot-2')

    const unknown = journal.lanes()
    journal.happen(command(id, { deadlineInMs: 100 }))
    const known = journal.lanes()

    expect(unknown).toEqual([])
    expect(kinds(known)).toEqual(['save', 'run'])
  })
})

describe('cancelling', () => {
  test('[Q8] what was not started ends cancelled', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))

    const effects = [...journal.happen({ type: 'cancel', id }), ...journal.lanes()]

    expect(kinds(effects)).toEqual(['save', 'report_done'])
    expect(resultOf(effects)).toMatchObject({ outcome: 'cancelled' })
  })

  test('[Q7] what runs is broken off where its type allows that', () => {
    const [one, other] = [newOperationId(), newOperationId()]
    const journal = drive()
    journal.happen(command(one))
    journal.happen(command(other, { seq: 2, command: { ...input, serverId: newServerId() } }))
    journal.lanes()

    expect(kinds(journal.happen({ type: 'cancel', id: one }))).toEqual(['abort'])
    expect(journal.happen({ type: 'cancel', id: other })).toEqual([])
  })

  test('[Q8] what is settled is answered again', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))
    journal.lanes()
    journal.happen({ type: 'finished', id, result: done })

    expect(resultOf(journal.happen({ type: 'cancel', id }))).toEqual(done)
  })
})

describe('a command of a lost journal', () => {
  test('[Q6] that is too late is unknown, for it may have been done in time', () => {
    const journal = drive()

    const effects = journal.happen(command(newOperationId(), { mayHaveRun: true, deadlineInMs: 0 }))

    expect(resultOf(effects)).toMatchObject({ outcome: 'indeterminate' })
  })

  test('[Q5] that the object gave up while it ran is forgotten with its end', () => {
    const id = newOperationId()
    const journal = drive()
    journal.happen(command(id))
    journal.lanes()
    journal.happen({ type: 'low', low: 2 })

    const effects = journal.happen({ type: 'finished', id, result: done })

    expect(kinds(effects)).toEqual(['save', 'report_done', 'drop'])
    expect(journal.state.rows.size).toBe(0)
  })
})
