import type { Mutant } from './register.ts'

const commands = 'durable-objects/commands'

/**
 * Small, plausible mistakes, each of which breaks a rule of `contract/PROTOCOL.md`. The simulator has to
 * notice every one. A text that is no longer in its file fails the suite: then write the mistake anew.
 */
export const mutants: readonly Mutant[] = [
  {
    name: 'no dedupe: a known id is a new command [Q1]',
    file: `${commands}/from-panel.ts`,
    find: 'if (known !== null) {',
    replace: 'if (known !== null && order.deadline === -1) {',
  },
  {
    name: 'effect before journal [Q4]',
    file: 'agent/dispatch.ts',
    find: `    for (const effect of effects) if (effect.type === 'save') store.save(effect.row)
    journal = state
    for (const effect of effects) perform(effect)`,
    replace: `    journal = state
    for (const effect of effects) perform(effect)
    for (const effect of effects) if (effect.type === 'save') store.save(effect.row)`,
  },
  {
    name: 'a settled command is run again [Q4]',
    file: 'agent/journal.ts',
    find: "      return { state, effects: [{ type: 'report_done', row: known }] }",
    replace:
      "      return write(state, { ...known, phase: 'accepted', result: null }, { type: 'report_accepted', row: known })",
  },
  {
    name: 'journal pruned on send [Q5]',
    file: `${commands}/sending.ts`,
    find: 'low: lowOf(draft) }))',
    replace: 'low: seq + 1 }))',
  },
  {
    name: 'journal never pruned [Q5]',
    file: 'agent/journal.ts',
    find: "phase !== 'started' && seq < low",
    replace: "phase !== 'started' && seq < low - 1e9",
  },
  {
    name: 'blind cancel: the object cancels what it has sent [Q8]',
    file: `${commands}/from-panel.ts`,
    find: `  if (!isOnWire(row)) {
    const ended = endedHere(row, 'cancelled'`,
    replace: `  if (row.id !== '') {
    const ended = endedHere(row, 'cancelled'`,
  },
  {
    name: 'blind expiry: the object expires what it has sent [Q8]',
    file: `${commands}/sending.ts`,
    find: "row.state !== 'queued' || row.deadline === null",
    replace: 'row.deadline === null',
  },
  {
    name: 're-run of what may run once [Q6]',
    file: 'agent/journal.ts',
    find: "    const once = commandRules[row.command.type].repeat === 'once'\n    const next",
    replace: '    const once = row.seq < 0\n    const next',
  },
  {
    name: 'a lost journal is taken for an empty one [Q4]',
    focus: ['journal_lost', 'agent_killed', 'reset'],
    file: 'agent/journal.ts',
    find: "if (mayHaveRun && (isOver || commandRules[command.type].repeat === 'once')) {",
    replace: 'if (mayHaveRun && seq < 0) {',
  },
  {
    name: 'poison runs for ever [Q6]',
    file: 'agent/journal.ts',
    find: 'if (row.starts >= mostStarts) {',
    replace: 'if (row.starts >= mostStarts + 100) {',
  },
  {
    name: 'no lane order at the object [Q2]',
    file: `${commands}/sending.ts`,
    find: 'if (isOnWire(row) || busy.has(laneOf(row))) continue',
    replace: 'if (isOnWire(row)) continue',
  },
  {
    name: 'no window [Q2]',
    file: `${commands}/sending.ts`,
    find: 'if (onWire + heads.length >= window) break',
    replace: 'if (onWire + heads.length >= window + 500) break',
  },
  {
    name: 'nothing is sent again in a new epoch [Q3]',
    file: `${commands}/step.ts`,
    find: '      sendAgain(draft, event.epoch, event.now)\n',
    replace: '',
  },
  {
    name: 'send before commit [Q2]',
    focus: ['object_killed_mid_turn'],
    file: 'durable-objects/node.ts',
    find: '      for (const effect of turn.effects) persist(this.stores, effect, turn.now)',
    replace: `      perform(this, turn, speaker)
      for (const effect of turn.effects) persist(this.stores, effect, turn.now)`,
  },
  {
    name: 'no epoch check [N4]',
    file: 'durable-objects/link.ts',
    find: '  if (live && frameEpoch === state.epoch) return same(state)',
    replace: '  if (live || frameEpoch > 0) return same(state)',
  },
  {
    name: 'the newest hello wins, and old frames are dropped silently [N3, N4]',
    focus: ['identity_restored'],
    file: 'durable-objects/link.ts',
    find: '  if (hello.connNo <= state.connNo) return stale(state, hello)\n',
    replace: '',
  },
  {
    name: 'an old frame is not answered [N4]',
    file: 'durable-objects/perform.ts',
    find: "      sendTo(speaker, { type: 'fenced', epoch: effect.epoch, current: effect.current })\n      close(speaker, CloseCode.replaced, 'fenced')\n",
    replace: '',
  },
  {
    name: 'another machine takes over while the holder is alive [N3]',
    file: 'durable-objects/link.ts',
    find: 'if (!isHolder && !isAdopted && isAlive(state, event, timers)) return duplicate(state, hello)',
    replace: '',
  },
  {
    name: 'silence is not noticed [N6]',
    file: 'durable-objects/alarm.ts',
    find: "  node.act((turn) => turn.link({ type: 'tick', heardAt, now }))\n",
    replace: '',
  },
  {
    name: 'a final state is overwritten [Q]',
    file: `${commands}/from-agent.ts`,
    find: `  const row = onWire(draft, event.id, event.seq)
  if (row === null) return
  const { result, now } = event`,
    replace: `  const row = draft.open.get(event.id)
  if (row === undefined) return
  const { result, now } = event`,
  },
  {
    name: 'no deadline check [Q9]',
    file: 'agent/journal.ts',
    find: 'if (deadline !== null && now >= deadline.at) {',
    replace: 'if (deadline !== null && now >= deadline.at + 1e12) {',
  },
  {
    name: 'an event is forgotten before the ledger has applied it [L1]',
    file: 'durable-objects/courier.ts',
    find: '    const applied = await asked(this.ledger.apply(this.nodeId, batch))',
    replace: `    this.outbox.removeUpTo(batch.at(-1)?.eventNo ?? 0)
    const applied = await asked(this.ledger.apply(this.nodeId, batch))`,
  },
  {
    name: 'an older desired state replaces a newer one [D1]',
    file: 'durable-objects/desired.ts',
    find: 'return known === undefined || compareVersions(server, known) > 0',
    replace: 'return known === undefined || compareVersions(server, known) !== 0',
  },
  {
    name: 'a hole in the revisions is not pulled [L3]',
    file: 'durable-objects/desired.ts',
    find: "  } else if (push.revision > state.revision) effects.push({ type: 'pull' })",
    replace: `  } else if (push.revision > state.revision) {
    state = { ...state, revision: push.revision }
    effects.push({ type: 'save_revision', revision: push.revision })
  }`,
  },
  {
    name: 'a wait ends before its generation is seen [D1]',
    file: 'durable-objects/waiting.ts',
    find: "if (wait.kind === 'delete' || compareVersions(observed, wait) < 0) return null",
    replace: "if (wait.kind === 'delete') return null",
  },
  {
    name: 'exits that were asked for are crashes [D4]',
    file: 'agent/servers/exits.ts',
    find: 'expected: memory.stop !== null || ',
    replace: 'expected: ',
  },
  {
    name: 'a lane has no cap [Q11]',
    file: `${commands}/from-panel.ts`,
    find: '  return inLane >= laneAtMost',
    replace: '  return inLane >= laneAtMost * 100',
  },
  {
    name: 'a foreign server is taken in [N9]',
    file: 'durable-objects/observed.ts',
    find: `  if (desired === null) return { state, effects: [] }
  if (observed.state === 'removed') return`,
    replace: "  if (desired !== null && observed.state === 'removed') return",
  },
  {
    name: 'a gap in the console is not said [C2]',
    file: 'durable-objects/console.ts',
    find: 'if (missing > 0) {',
    replace: 'if (missing > 1e9) {',
  },
  {
    name: 'console lines are taken twice [C2]',
    file: 'durable-objects/console.ts',
    find: 'if (line.seq <= last) continue',
    replace: '',
  },
  {
    name: 'what is never accepted is sent for ever [Q10]',
    focus: ['muted'],
    file: `${commands}/sending.ts`,
    find: "if (row.state === 'sent' && row.deliveries >= deliveriesAtMost) giveUp(draft, row, now)",
    replace: "if (row.state === 'sent' && row.deliveries >= 1e9) giveUp(draft, row, now)",
  },
]
