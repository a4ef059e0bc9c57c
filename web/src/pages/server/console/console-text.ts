import type { ConsoleLine } from '../../../../../contract/protocol/console.ts'
import type { Gap, Shown } from './console-lines.ts'

const esc = '\x1b'
const grey = `${esc}[90m`
const bold = `${esc}[1m`
const cyan = `${esc}[36m`
const magenta = `${esc}[35m`
const yellow = `${esc}[33m`
const reset = `${esc}[0m`

/**
 * Everything that a terminal would obey, in seven and in eight bits: colours (SGR), other control
 * sequences, strings such as titles, other escapes, control characters except tab.
 */
const orders =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /\x1b\[[0-9;:]*m|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1f\x7f-\x9f]/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const colour = /^\x1b\[[0-9;:]*m$/

/** The node strips a line before it sends it; this holds also for a node that lies. */
export function safeText(text: string): string {
  return text.replaceAll(orders, (order) => (colour.test(order) ? order : ''))
}

/** The text alone, as it is copied, downloaded and read aloud. */
export function plainText(text: string): string {
  return text.replaceAll(orders, '')
}

/** What the terminal is given for a line or a gap, without the line's end. */
export function terminalText(item: Shown, withTime: boolean): string {
  if (item.kind === 'gap') return `${yellow}${gapText(item.gap)}${reset}`
  const { line } = item
  const time = withTime ? `${grey}${timeOf(line.at)}${reset} ` : ''
  return `${time}${decorated(line)}${reset}`
}

/** One line of a text file. */
export function fileText(item: Shown): string {
  if (item.kind === 'gap') return gapText(item.gap)
  const { line } = item
  return `${line.at} ${line.stream === 'input' ? '> ' : ''}${plainText(line.text)}`
}

/** The words of a gap as they stand in the terminal, where those that can be loaded can be clicked. */
export function gapText({ count, before, lost }: Gap): string {
  const lines = count === null ? 'some lines' : count === 1 ? '1 line' : `${count} lines`
  if (lost)
    return `-- ${lines} lost: too many at once for the node to keep, or its log was rotated --`
  return `-- ${lines} missed before #${before}, load --`
}

/** Reads the number back out of a gap's words; null for any other text. */
export function gapIn(text: string): number | null {
  const found = /^-- .* missed before #(\d{1,15}), load --\s*$/.exec(text)
  return found?.[1] === undefined ? null : Number(found[1])
}

function decorated({ stream, text }: ConsoleLine): string {
  const safe = safeText(text)
  switch (stream) {
    case 'input':
      return `${bold}${cyan}> ${safe}`
    case 'install':
      return `${grey}install |${reset} ${safe}`
    case 'system':
      return `${magenta}* ${safe}`
    default:
      return safe
  }
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hourCycle: 'h23' })
}
