import type { OperationId, ServerId } from '../../contract/ids.ts'
import type { Random } from '../simulation/random.ts'
import type { Asking, Wish } from './asking.ts'
import type { Cast } from './fault-world.ts'
import type { Verb } from './history.ts'

const clicks: readonly [Verb, ...Verb[]] = ['start', 'stop', 'restart', 'kill', 'start', 'restart']

/** People at work: lines, installations, clicks, second thoughts, and requests that are sent twice. */
export class Workload {
  private readonly asking: Asking
  private readonly cast: Cast
  private readonly random: Random
  private readonly recent: OperationId[] = []
  /** How much was asked for. */
  asked = 0

  constructor(asking: Asking, cast: Cast, random: Random) {
    this.asking = asking
    this.cast = cast
    this.random = random
  }

  /** Asks for one thing, perhaps twice, and perhaps takes one back. */
  async step(): Promise<void> {
    this.asked += 1
    const wish = this.wish(this.asked)
    const { random } = this
    const twice = wish.key !== null && random.chance(0.5)
    const atOnce = random.chance(0.5)
    const cancels = random.chance(wish.verb === 'install' ? 0.3 : 0.08)
    const second = twice && atOnce ? this.asking.ask(wish) : null
    let operationId = await this.asking.ask(wish)
    await second
    // Who named a request and heard nothing sends it again: that is what the name is for.
    if (wish.key !== null && (operationId === null || (twice && !atOnce))) {
      operationId = (await this.asking.ask(wish)) ?? operationId
    }
    if (operationId !== null) this.recent.push(operationId)
    if (this.recent.length > 8) this.recent.shift()
    const victim = cancels ? (operationId ?? random.pick(this.recent)) : undefined
    if (victim !== undefined) await this.asking.cancel(victim)
  }

  private wish(number: number): Wish {
    const { random, cast } = this
    const key = random.chance(0.4) ? `key-${number}-${random.below(1_000_000)}` : null
    const one = (serverIds: readonly ServerId[]) => random.pick(serverIds) ?? cast.probe
    const die = random.next()
    if (die < 0.1) return { verb: 'install', serverId: one(cast.installed), text: null, key }
    if (die < 0.28) {
      return { verb: random.one(clicks), serverId: one(cast.clicked), text: null, key }
    }
    const serverId = die < 0.34 ? one(cast.clicked) : one(cast.typed)
    return { verb: 'line', serverId, text: `line-${number}`, key }
  }
}
