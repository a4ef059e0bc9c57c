import { type DemoState, panel } from '../../contract/api/panel.ts'
import type { PanelCall } from '../api.ts'

const looksEveryMs = 2000

/** Makes image and template; what it says is shown in the panel. */
export type MakeDemo = (say: (line: string) => void) => Promise<void>

/** Says in the panel where the demo stands; what cannot be said now is said with the next change. */
export async function reportDemo(
  call: PanelCall,
  state: Exclude<DemoState, 'wanted'>,
  message: string | null = null,
): Promise<void> {
  await call(panel.reportDemo, { state, message: message?.slice(0, 500) ?? null }).catch(() => null)
}

/**
 * Offers the demo in the panel and makes it when somebody there wants it. Ends when it is made or the
 * signal is given. What the panel does not answer is asked again.
 */
export async function watchDemo(
  call: PanelCall,
  make: MakeDemo,
  signal: AbortSignal,
): Promise<void> {
  if ((await call(panel.demo, {})).state === 'ready') return
  await reportDemo(call, 'offered')
  while (!signal.aborted) {
    const demo = await call(panel.demo, {}).catch(() => null)
    if (demo?.state === 'wanted' && (await isMade(call, make))) return
    await nextLook(signal)
  }
}

async function isMade(call: PanelCall, make: MakeDemo): Promise<boolean> {
  await reportDemo(call, 'making')
  try {
    await make((line) => void reportDemo(call, 'making', line))
    await reportDemo(call, 'ready')
    return true
  } catch (error) {
    await reportDemo(call, 'failed', error instanceof Error ? error.message : String(error))
    return false
  }
}

function nextLook(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, looksEveryMs)
    signal.addEventListener('abort', done)
  })
}
