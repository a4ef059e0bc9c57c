import { describe, expect, test } from 'vitest'
import { faultNames } from './faults/faults.ts'
import { count, noFigures, replayOf, summary } from './figures.ts'
import { killMutants, tableOf } from './kill-mutants.ts'
import { mutants } from './mutants.ts'
import { pastSeeds } from './past-seeds.ts'
import { simulateSeeds } from './threads.ts'

const seeds = 20_000
/** A mutant that nobody notices in so many seeds survives. */
const mutantSeeds = 3_000

/** What has to happen this often in all seeds together, or a rule is not put to the test at all. */
const situations: Readonly<Record<string, number>> = {
  'outcome.succeeded': 10_000,
  'outcome.failed': 10_000,
  'outcome.cancelled': 3_000,
  'outcome.expired': 2_000,
  'outcome.indeterminate': 500,
  'code.poison': 100,
  'code.undeliverable': 50,
  'code.suspended': 300,
  'command.came_again_after_start': 5_000,
  'command.started_again': 500,
  'command.indeterminate': 100,
  'command.doubtful': 300,
  'command.broken_off': 500,
  'command.cancelled_at_agent': 30,
  'command.expired_at_agent': 150,
  'cancel.cancelled': 1_000,
  'cancel.running': 1_000,
  'cancel.operation_finished': 200,
  'cancel.not_cancellable': 5,
  'cancel.click': 300,
  'panel.asked_again': 3_000,
  'panel.conflict': 500,
  'panel.watchdog_tells_again': 500,
  'panel.refused_queue_full': 50,
  'queue.window_full': 50,
  'frame.duplicate_result': 500,
  'frame.of_another_epoch': 150,
  'link.went_offline': 5_000,
  'alert.cloned': 500,
  'alert.restored_agent': 10,
  'alert.protocol': 300,
  'ledger.known_event': 1_000,
  'pull.paged': 200,
  'object.lost_a_turn': 300,
  'object.killed_mid_turn': 300,
  'console.gap': 300,
  'exit.counted': 500,
  'exit.asked_for': 200,
  'server.ends_unheard': 20,
  'fault.agent_dies_before_write': 200,
  'fault.agent_dies_after_write': 200,
  'fault.agent_dies_before_effect': 100,
  'fault.agent_dies_after_effect': 500,
  'fault.node_gone': 100,
}

describe('20,000 worlds in which everything goes wrong', () => {
  test('[N3] [N4] [N5] [N6] [Q1] [Q2] [Q3] [Q4] [Q5] [Q6] [Q8] [Q9] [Q11] [D1] [D3] [D4] [D7] [C1] [C2] [L1] [L2] [L3] keep every invariant', {
    timeout: 300_000,
  }, async () => {
    const figures = noFigures()
    const began = performance.now()
    await simulateSeeds(1, seeds, (result) => count(figures, result))

    console.log(JSON.stringify(summary(figures, (performance.now() - began) / 1000)))
    expect(figures.failed.map(replayOf).join('\n')).toBe('')
    const rare = {
      ...situations,
      ...Object.fromEntries(faultNames.map((name) => [`fault.${name}`, 500])),
    }
    const missing = Object.entries(rare).filter(
      ([what, least]) => (figures.seen.get(what) ?? 0) < least,
    )
    expect(
      missing.map(([what, least]) => `${what}: ${figures.seen.get(what) ?? 0} of ${least}`),
    ).toEqual([])
  })

  test('notice each of the known mistakes', { timeout: 300_000 }, async () => {
    const fates = await killMutants(mutantSeeds)

    console.log(tableOf(fates))
    expect(fates.filter(({ killedBy }) => killedBy === null).map(({ mutant }) => mutant)).toEqual(
      [],
    )
    expect(fates).toHaveLength(mutants.length + pastSeeds.length)
  })
})
