import { isOpen, type OperationState } from '../../contract/api/operations.ts'
import type { FinalOperation, History, RecordOf } from './history.ts'
import { type Told, tell } from './told.ts'

/** What is wrong with a history by one rule; empty: nothing. Pure, like all that is listed in `checks`. */
export type Check = (told: Told) => string[]

/** [I1] A command has at most one effect, however often it was sent. */
export const oneEffectPerCommand: Check = ({ operations, effectsOf }) =>
  operations.flatMap((operation) => {
    const { length } = effectsOf(operation)
    return length > 1 ? [`${nameOf(operation)} had ${length} effects`] : []
  })

/** [I1] Nothing in the world came out of nothing. */
export const everyEffectHasItsCommand: Check = ({ effects, operationOf }) =>
  effects.flatMap((effect) =>
    operationOf(effect) === null ? [`no operation made ${effect.kind} ${effect.text}`] : [],
  )

/** [I2] What was accepted is known, and has ended. */
export const everyAcceptedEnded: Check = ({ history, byId, operations }) => [
  ...history
    .of('answered')
    .flatMap(({ operationId }) =>
      byId.has(operationId) ? [] : [`operation ${operationId} was accepted and is gone`],
    ),
  ...operations.flatMap((operation) =>
    isOpen(operation.state) ? [`${nameOf(operation)} is still ${operation.state}`] : [],
  ),
]

/** [I2] A final state never changes, in any look at the ledger. */
export const finalStatesStay: Check = ({ history }) => {
  const ended = new Map<string, OperationState>()
  return history.of('seen').flatMap(({ operationId, state }) => {
    const before = ended.get(operationId)
    if (!isOpen(state)) ended.set(operationId, before ?? state)
    return before === undefined || before === state
      ? []
      : [`operation ${operationId} was ${before} and then ${state}`]
  })
}

/** [I3] Effects in a lane are in the order of their commands' `seq`. */
export const lanesKeepOrder: Check = ({ effects, operationOf }) => {
  const highest = new Map<string, number>()
  return effects.flatMap((effect) => {
    const lane = `${effect.serverId} ${effect.kind}`
    const seq = operationOf(effect)?.atObject?.seq
    if (seq === undefined) return []
    const before = highest.get(lane) ?? 0
    highest.set(lane, Math.max(before, seq))
    return seq < before
      ? [`${effect.kind} ${effect.text} (seq ${seq}) came after seq ${before}`]
      : []
  })
}

/** [I4] An epoch is given to one connection. */
export const epochsAreGivenOnce: Check = ({ history }) => {
  const given = new Set<number>()
  return history.of('welcomed').flatMap(({ epoch }) => {
    const again = given.has(epoch)
    given.add(epoch)
    return again ? [`epoch ${epoch} was given twice`] : []
  })
}

/** [I5] What is told of a command is true: done once, or not at all, or nobody knows. */
export const outcomesAreTrue: Check = ({ operations, effectsOf, leavesMarks, wasCloned }) =>
  operations.flatMap((operation) => {
    if (!leavesMarks(operation)) return []
    const { length } = effectsOf(operation)
    const { state } = operation
    if (state === 'succeeded' && length !== 1) return [`${nameOf(operation)} had ${length} effects`]
    const saysNone = state === 'cancelled' || state === 'expired'
    // Two machines that hold one journal cannot know what the other did.
    if (saysNone && length > 0 && !wasCloned(operation)) {
      return [`${nameOf(operation)} had ${length} effects`]
    }
    return []
  })

/** [I6] When all is done nothing is kept that is not needed, and numbers are dense. */
export const storesAreBounded: Check = ({ history }) =>
  history.of('stores').flatMap((stores) => {
    const wrong: string[] = []
    if (stores.journalRows > 32) wrong.push(`the agent's journal keeps ${stores.journalRows} rows`)
    if (stores.openCommands > 0)
      wrong.push(`${stores.openCommands} commands are open at the object`)
    if (stores.nextSeq !== stores.commandRows + 1) {
      wrong.push(`${stores.commandRows} commands, but the next number is ${stores.nextSeq}`)
    }
    return wrong
  })

/** [I7] Nothing happened after its deadline. Effects are dated by the second. */
export const nothingAfterItsDeadline: Check = ({ operations, effectsOf }) =>
  operations.flatMap((operation) => {
    const { expiresAt } = operation
    if (expiresAt === null) return []
    const late = effectsOf(operation).filter(({ happenedAt }) => happenedAt > expiresAt + 1_000)
    return late.map(({ text }) => `${nameOf(operation)} left ${text} after its deadline`)
  })

/** [I8] One key is one operation. */
export const oneOperationPerKey: Check = ({ history, operations }) => {
  const keyOf = new Map(history.of('asked').map(({ ask, key }) => [ask, key]))
  const idOf = new Map<string, string>()
  const twice = history.of('answered').flatMap(({ ask, operationId }) => {
    const key = keyOf.get(ask) ?? null
    if (key === null) return []
    const before = idOf.get(key) ?? operationId
    idOf.set(key, before)
    return before === operationId ? [] : [`key ${key} began ${before} and ${operationId}`]
  })
  return [...twice, ...doubledLines(history, operations)]
}

/** Lines are unique, so a request, or all requests under one key, is one operation with that line. */
function doubledLines(history: History, operations: readonly FinalOperation[]): string[] {
  const requests = Map.groupBy(history.of('asked'), ({ text }) => text)
  const begun = Map.groupBy(operations, ({ subject }) => subject)
  return [...begun].flatMap(([text, found]) => {
    if (text === null) return []
    const names = new Set((requests.get(text) ?? []).map(({ key, ask }) => key ?? ask))
    const most = Math.max(1, names.size)
    return found.length > most ? [`line ${text} became ${found.length} operations`] : []
  })
}

/** [I9] In the end every server is as it is wanted, and its node has taken in the newest wish. */
export const serversAreAsWanted: Check = ({ history }) =>
  history.of('server').flatMap(({ serverId, wanted, state, pending }) => {
    if (pending) return [`server ${serverId} waits for its node`]
    return isAsWanted(wanted, state) ? [] : [`server ${serverId} is ${state}, wanted ${wanted}`]
  })

/** A server that is not wanted to run may be in any state but up. */
export function isAsWanted(wanted: 'running' | 'stopped', state: string): boolean {
  const isUp = ['starting', 'running', 'stopping'].includes(state)
  return wanted === 'running' ? state === 'running' : !isUp
}

/** [I1] A start number of a server is started once. */
export const startsAreCountedOnce: Check = ({ history }) => {
  const seen = new Set<string>()
  return history.of('started').flatMap(({ serverId, startNo }) => {
    const name = `${serverId} ${startNo}`
    const again = seen.has(name)
    seen.add(name)
    return again ? [`start ${startNo} of server ${serverId} came twice`] : []
  })
}

/** [I11] The ledger says what the object decided, and nothing is left to be told. */
export const ledgerAgreesWithObject: Check = ({ history, operations }) => [
  ...operations.flatMap((operation) => {
    const { atObject, state } = operation
    return atObject === null || atObject.state === state
      ? []
      : [`${nameOf(operation)} is ${atObject.state} at the object`]
  }),
  ...history
    .of('stores')
    .flatMap(({ undelivered }) =>
      undelivered > 0 ? [`${undelivered} reports never reached the ledger`] : [],
    ),
]

/** A request that was refused changed nothing. */
export const refusalsChangeNothing: Check = ({ history, operations }) => {
  const asked = new Map<number, RecordOf<'asked'>>(
    history.of('asked').map((record) => [record.ask, record]),
  )
  const taken = new Set(history.of('answered').map(({ ask }) => asked.get(ask)?.text))
  for (const { ask } of history.of('unanswered')) taken.add(asked.get(ask)?.text)
  return history.of('refused').flatMap(({ ask, code }) => {
    const text = asked.get(ask)?.text ?? null
    if (text === null || taken.has(text)) return []
    return operations.some(({ subject }) => subject === text)
      ? [`line ${text} was refused (${code}) and is an operation`]
      : []
  })
}

/** By the names that a report gives them. */
export const checks = {
  oneEffectPerCommand,
  everyEffectHasItsCommand,
  everyAcceptedEnded,
  finalStatesStay,
  lanesKeepOrder,
  epochsAreGivenOnce,
  outcomesAreTrue,
  storesAreBounded,
  nothingAfterItsDeadline,
  oneOperationPerKey,
  serversAreAsWanted,
  startsAreCountedOnce,
  ledgerAgreesWithObject,
  refusalsChangeNothing,
} as const satisfies Record<string, Check>

/** Everything that is wrong with a history, each with the name of its check. */
export function violationsIn(history: History): string[] {
  const told = tell(history)
  return Object.entries(checks).flatMap(([name, check]) =>
    check(told).map((wrong) => `${name}: ${wrong}`),
  )
}

function nameOf({ operationId, kind, subject, state }: FinalOperation): string {
  return `${kind} ${subject ?? operationId} (${state})`
}
