import type { ConsoleLine } from '../../../../../contract/protocol/console.ts'
import { downloadText } from '../../../ui/download.ts'
import { shownOf } from './console-lines.ts'
import { fileText } from './console-text.ts'

/** Lines as a text file, with their times and without colours. */
export function fileOf(lines: readonly ConsoleLine[]): string {
  return `${shownOf(lines, null).map(fileText).join('\n')}\n`
}

/** Hands the lines to the browser as a file named after the server. */
export function downloadLines(serverName: string, lines: readonly ConsoleLine[]): void {
  downloadText(`${serverName.replaceAll(/[^\w.-]+/g, '-')}-console.log`, fileOf(lines))
}
