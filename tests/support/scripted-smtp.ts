import type { OpenWire, Wire } from '../../worker/mail/wire.ts'

/** What the other end does at one point: says something, or does as told. */
export type Turn =
  | { readonly says: string }
  /** Waits for a line that matches; anything else breaks the conversation off. */
  | { readonly hears: RegExp }
  | { readonly closes: true }
  | { readonly goesSilent: true }

/** An SMTP server that follows a script, and breaks off on anything that does not stand in it. */
export function scriptedSmtp(script: readonly Turn[]) {
  const turns = [...script]
  const heard: string[] = []
  let tls: 'none' | 'at_once' | 'later' | 'on' = 'none'
  let isClosed = false
  let unread = ''
  const closing = Promise.withResolvers<null>()

  const hear = () => {
    for (let end = unread.indexOf('\r\n'); end >= 0; end = unread.indexOf('\r\n')) {
      const line = unread.slice(0, end)
      unread = unread.slice(end + 2)
      heard.push(line)
      const turn = turns[0]
      if (turn === undefined || !('hears' in turn)) throw new Error(`nobody asked for: ${line}`)
      if (turn.hears.test(line)) turns.shift()
      else if (turn.hears.source !== '^\\.$') throw new Error(`not in the script: ${line}`)
    }
  }
  const wire: Wire = {
    read: async () => {
      const turn = turns.shift()
      if (turn === undefined || 'hears' in turn) throw new Error('it waits for what is never said')
      if ('goesSilent' in turn) return closing.promise
      return 'closes' in turn ? null : new TextEncoder().encode(turn.says)
    },
    write: async (text) => {
      unread += text
      hear()
    },
    startTls: () => {
      if (tls !== 'later') throw new Error('it is encrypted already')
      tls = 'on'
      return wire
    },
    close: () => {
      isClosed = true
      closing.resolve(null)
    },
  }
  const open: OpenWire = (_address, how) => {
    tls = how
    return wire
  }
  return {
    open,
    heard,
    left: () => turns.length,
    tls: () => tls,
    isClosed: () => isClosed,
  }
}
