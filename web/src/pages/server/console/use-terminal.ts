import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ServerFeed } from '../server-feed.ts'
import { type Gap, gapsIn, shownOf } from './console-lines.ts'
import type { TerminalScreen } from './terminal-screen.ts'
import { terminalThemes } from './terminal-theme.ts'

interface TerminalCalls {
  readonly withTime: boolean
  readonly onTop: () => void
  readonly onGap: (gap: Gap) => void
  readonly onFind: () => void
}

const atEnd = { following: true, waiting: 0 }
const noHits = { index: -1, count: 0 }

/** The terminal of a console in an element of the page; its code is loaded when it is first shown. */
export function useTerminal(feed: ServerFeed, calls: TerminalCalls) {
  const element = useRef<HTMLDivElement>(null)
  const screen = useRef<TerminalScreen>(null)
  const scheme = useComputedColorScheme('light')
  const [phase, setPhase] = useState<'loading' | 'shown' | 'failed'>('loading')
  const [position, setPosition] = useState(atEnd)
  const [hits, setHits] = useState(noHits)

  const onTop = useEffectEvent(calls.onTop)
  const onFind = useEffectEvent(calls.onFind)
  const onGap = useEffectEvent((before: number) => calls.onGap(gapAt(feed, before)))
  const look = useEffectEvent(() => ({ theme: terminalThemes[scheme], withTime: calls.withTime }))

  useEffect(() => {
    let gone = false
    let stop = () => {}
    import('./terminal-screen.ts').then(
      ({ TerminalScreen }) => {
        if (gone || element.current === null) return
        const { theme, withTime } = look()
        const made = new TerminalScreen(element.current, theme, {
          onFollow: (following) => setPosition((at) => ({ ...at, following })),
          onWaiting: (waiting) => setPosition((at) => ({ ...at, waiting })),
          onTop: () => onTop(),
          onGap: (before) => onGap(before),
          onHits: (index, count) => setHits({ index, count }),
          onFind: () => onFind(),
        })
        screen.current = made
        made.showTimes(withTime, shownOf(feed.getLines(), null))
        const unsubscribe = feed.subscribeLines(({ lines, change, added }) => {
          if (change === 'rebuilt') made.rewrite(shownOf(lines, null))
          else made.append(shownOf(added, lines.at(-added.length - 1)?.seq ?? null))
        })
        stop = () => {
          unsubscribe()
          made.close()
          screen.current = null
        }
        setPhase('shown')
      },
      () => setPhase('failed'),
    )
    return () => {
      gone = true
      stop()
    }
  }, [feed])

  useEffect(() => screen.current?.setTheme(terminalThemes[scheme]), [scheme])
  useEffect(
    () => screen.current?.showTimes(calls.withTime, shownOf(feed.getLines(), null)),
    [calls.withTime, feed],
  )

  return { element, screen, phase, ...position, hits }
}

function gapAt(feed: ServerFeed, before: number): Gap {
  const gaps = gapsIn(shownOf(feed.getLines(), null))
  return gaps.find((gap) => gap.before === before) ?? { before, count: null, lost: false }
}
