import { runDurableObjectAlarm } from 'cloudflare:test'
import { onTestFinished, vi } from 'vitest'
import type { World } from './world.ts'

/** Moves the clock that the object reads, until the test ends. Timers still run: the platform needs its own. */
export function pass(ms: number): void {
  if (!vi.isFakeTimers()) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    onTestFinished(() => {
      vi.useRealTimers()
    })
  }
  vi.setSystemTime(Date.now() + ms)
}

/** Lets time pass and then the alarm ring, if one is set. */
export async function passAndRing(world: World, ms: number): Promise<boolean> {
  pass(ms)
  return runDurableObjectAlarm(world.stub)
}
