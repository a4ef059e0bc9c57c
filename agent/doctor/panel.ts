import { panel as panelApi } from '../../contract/api/panel.ts'
import { reasonOf } from '../log.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Milliseconds. */
const answerWithin = 10_000
/** Sessions and signatures bear more; logs side by side do not. */
const mostSkew = 5_000

export interface PanelReply {
  readonly status: number
  /** When the panel answered, by its own clock; null: it did not say. */
  readonly date: number | null
  /** The middle of asking and being answered, by this clock. */
  readonly askedAt: number
}

/** Asks the panel whether it is there. @throws when it cannot be reached */
export async function askPanel(panel: string, now: () => number): Promise<PanelReply> {
  const before = now()
  const response = await fetch(new URL(panelApi.health.path, panel), {
    signal: AbortSignal.timeout(answerWithin),
    redirect: 'manual',
  })
  await response.body?.cancel()
  const date = Date.parse(response.headers.get('date') ?? '')
  return {
    status: response.status,
    date: Number.isNaN(date) ? null : date,
    askedAt: (before + now()) / 2,
  }
}

export async function checkPanel(panel: string | null, now: () => number): Promise<Finding[]> {
  if (panel === null) return [warn('panel', 'No panel is known. Join one, or say --panel <url>.')]
  try {
    const reply = await askPanel(panel, now)
    return [...judgePanel(panel, reply), judgeClock(reply)]
  } catch (error) {
    return [
      fail('panel', `${panel} cannot be reached: ${reasonOf(error)}. Check its address and DNS.`),
    ]
  }
}

function judgePanel(panel: string, { status }: PanelReply): Finding[] {
  const { protocol, hostname } = new URL(panel)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  const plain =
    protocol === 'http:' && !isHere
      ? [
          warn(
            'panel',
            `${panel} is not encrypted: whoever is on the way reads and changes orders. Serve it by https.`,
          ),
        ]
      : []
  if (status === 200) return [ok('panel', `${panel} answers`), ...plain]
  return [fail('panel', `${panel} answers ${status}. Is it a Catalyst panel?`), ...plain]
}

export function judgeClock({ date, askedAt }: PanelReply): Finding {
  if (date === null)
    return warn('clock', 'The panel does not say what time it is. Compare: date -u')
  // Its header counts whole seconds.
  const skew = Math.max(0, Math.abs(askedAt - date) - 1000)
  if (skew <= mostSkew) return ok('clock', 'This clock agrees with the panel’s')
  const seconds = Math.round(skew / 1000)
  return warn(
    'clock',
    `This clock is ${seconds} s off the panel’s. Turn time synchronisation on: timedatectl set-ntp true`,
  )
}
