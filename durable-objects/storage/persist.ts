import { assertNever } from '../../contract/assert-never.ts'
import type { Effect } from '../turn.ts'
import type { Stores } from './stores.ts'

/** Writes what an effect leaves behind; the others are acted on after the transaction. */
export function persist(stores: Stores, effect: Effect, now: number): void {
  switch (effect.type) {
    case 'save_link':
      stores.facts.set('link', effect.link)
      break
    case 'save_command':
      stores.commands.save(effect.row, effect.logChanged)
      break
    case 'save_next_seq':
      stores.facts.set('nextSeq', effect.nextSeq)
      break
    case 'save_desired':
      stores.desired.saveServer(effect.server)
      break
    case 'save_revision':
      stores.facts.set('revision', effect.revision)
      break
    case 'save_gone':
      stores.desired.saveGone(effect.gone, effect.now)
      break
    case 'save_wait':
      stores.desired.saveWait(effect.wait)
      break
    case 'save_observed':
      stores.observed.save(effect.row)
      break
    case 'save_catching_up':
      stores.facts.set('catchingUp', effect.catchingUp)
      break
    case 'save_exit':
      stores.observed.saveExit(effect.serverId, effect.exit)
      break
    case 'save_console':
      stores.console.append(effect.serverId, effect.lines)
      break
    case 'save_samples':
      for (const sample of effect.samples) stores.observed.saveSample(sample)
      break
    case 'save_facts':
      stores.facts.set('host', effect.facts)
      break
    case 'drop_server':
      stores.desired.drop(effect.serverId)
      stores.observed.drop(effect.serverId)
      stores.console.drop(effect.serverId)
      break
    case 'report':
      stores.outbox.add(effect.news, now)
      break
    case 'welcome':
    case 'refuse':
    case 'fence':
    case 'close_others':
    case 'close_live':
    case 'close_agents':
    case 'answer':
    case 'send':
    case 'show':
    case 'pull':
    case 'close_watchers':
    case 'node_changed':
    case 'reply':
      break
    default:
      assertNever(effect)
  }
}
