import { eventsPath, PanelEvent } from '../../../contract/events.ts'

interface EventHandlers {
  readonly onEvent: (event: PanelEvent) => void
  /** Whether news arrive by themselves now; while they do not, pages have to ask. */
  readonly onLive: (live: boolean) => void
}

const waitAtMostMs = 30_000

/**
 * Keeps the stream of changes open. It goes on after the last event it heard, however it was cut, and rests
 * while the tab is hidden: a browser has few connections to one panel.
 * @returns ends it for good
 */
export function openEventStream({ onEvent, onLive }: EventHandlers): () => void {
  let source: EventSource | null = null
  let lastId = ''
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined

  const close = () => {
    clearTimeout(retry)
    source?.close()
    source = null
    onLive(false)
  }
  const open = () => {
    close()
    if (document.hidden) return
    source = new EventSource(`${eventsPath}?lastEventId=${lastId}`)
    source.onopen = () => {
      failures = 0
      onLive(true)
    }
    source.onmessage = ({ data, lastEventId }) => {
      lastId = lastEventId
      const event = readEvent(data)
      if (event !== null) onEvent(event)
    }
    source.onerror = () => {
      onLive(false)
      // The browser comes back by itself after a cut; it does not after a refusal.
      if (source?.readyState !== EventSource.CLOSED) return
      failures += 1
      retry = setTimeout(open, 1000 + Math.random() * Math.min(waitAtMostMs, 1000 * 2 ** failures))
    }
  }
  document.addEventListener('visibilitychange', open)
  window.addEventListener('online', open)
  open()
  return () => {
    document.removeEventListener('visibilitychange', open)
    window.removeEventListener('online', open)
    close()
  }
}

/** Null for what this panel does not understand: a newer Worker may tell more. */
function readEvent(data: unknown): PanelEvent | null {
  try {
    const parsed = PanelEvent.safeParse(JSON.parse(String(data)))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
