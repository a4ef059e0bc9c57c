import { createApp } from './app.ts'
import { depsOf } from './deps.ts'
import { readEnv } from './env.ts'
import { scheduled } from './watchdog.ts'

export { EventHub } from '../durable-objects/event-hub.ts'
export { NodeObject } from '../durable-objects/node-object.ts'
export { Throttle } from '../durable-objects/throttle.ts'
export { Ledger } from './ledger.ts'

const app = createApp((bindings) => {
  const env = readEnv(bindings)
  return { deps: depsOf(env), operatorToken: env.OPERATOR_TOKEN ?? null, assets: env.ASSETS }
})

export default { fetch: app.fetch, scheduled }
