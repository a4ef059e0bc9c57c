import { depsOf } from './deps.ts'
import { readEnv } from './env.ts'
import { runWatchdog } from './services/watchdog/run.ts'

/** The cron trigger's door: each minute, on the platform and locally alike. */
export async function scheduled(_event: unknown, bindings: unknown): Promise<void> {
  await runWatchdog(depsOf(readEnv(bindings)))
}
