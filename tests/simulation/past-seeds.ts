import type { Mutant } from './register.ts'

/**
 * Mistakes that the product really had and that the simulator has found. They are put back like mutants and
 * must be found again: a seed by its number tells nothing for long, since every change of product or simulator
 * makes another world of it. `focus` names the faults of the seed that found it first.
 */
export const pastSeeds: readonly Mutant[] = [
  {
    name: 'a wake that a clock has put off by a day is served all the same',
    focus: ['object_clock_jumps'],
    file: 'durable-objects/wake.ts',
    find: '> now + longestWait[name]',
    replace: '> now + 1e12 * longestWait[name]',
  },
  {
    name: 'a start that failed stays known through an installation',
    file: 'agent/servers/install.ts',
    find: "observed: { state: 'installing' } })",
    replace: "observed: { state: 'installing', problem: null } })",
  },
  {
    name: 'a frame that a full disk refused comes again',
    focus: ['disk_full'],
    file: 'agent/connection.ts',
    find: "if (!listener.frame(frame)) happen({ type: 'missed' })",
    replace: 'listener.frame(frame)',
  },
  {
    name: 'a line that waits for the disk is not read a second time',
    focus: ['disk_full', 'container_killed', 'evicted'],
    file: 'agent/servers/console-log.ts',
    find: 'positions.get(containerId)?.position ?? store.positionOf(containerId)',
    replace: 'store.positionOf(containerId)',
  },
  {
    name: 'a command of a lost journal is not said to have expired',
    focus: ['journal_lost', 'agent_killed'],
    file: 'agent/journal.ts',
    find: 'const isOver = deadlineInMs === 0',
    replace: 'const isOver = deadlineInMs === -1',
  },
]
