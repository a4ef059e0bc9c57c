import type { ILinkProvider, Terminal } from '@xterm/xterm'
import { gapIn } from './console-text.ts'

/** Makes the words of a gap a link that loads what is missing. */
export function gapLinks(terminal: Terminal, onGap: (before: number) => void): ILinkProvider {
  return {
    provideLinks(row, answer) {
      const text = terminal.buffer.active.getLine(row - 1)?.translateToString(true) ?? ''
      const before = gapIn(text)
      if (before === null) return answer(undefined)
      const range = { start: { x: 1, y: row }, end: { x: text.length, y: row } }
      answer([{ range, text, activate: () => onGap(before) }])
    },
  }
}
