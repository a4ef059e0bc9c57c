import type { Sizes } from './fault-script.ts'

/** For every run of the tests: about a minute. */
export const shortSizes: Sizes = {
  agentKills: 6,
  workerdKills: 6,
  libsqlKills: 2,
  networkFaults: 20,
  commands: 150,
}

/** One round of a soak. */
export const roundSizes: Sizes = {
  agentKills: 15,
  workerdKills: 15,
  libsqlKills: 3,
  networkFaults: 30,
  commands: 200,
}

/** What is promised. */
export const fullSizes: Sizes = {
  agentKills: 150,
  workerdKills: 150,
  libsqlKills: 20,
  networkFaults: 300,
  commands: 2_000,
}

/** Timers that are ten times as long leave time for few. */
export const realTimerSizes: Sizes = {
  agentKills: 3,
  workerdKills: 3,
  libsqlKills: 1,
  networkFaults: 10,
  commands: 60,
}
