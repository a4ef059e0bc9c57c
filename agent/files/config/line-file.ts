import { decisionOf, type Edit, type Edited, eachEdit, textOf, unchanged } from './edit.ts'
import { joinLines, requireOneLine, splitLines } from './lines.ts'

/**
 * A file of lines: a line that begins with `match` becomes the value. Of several edits that match a line the
 * most specific one, which has the longest beginning, says what it becomes. Nothing is added.
 */
export function editLines(text: string, edits: readonly Edit[]): Edited {
  const lines = splitLines(text)
  const chosen = new Map<number, { length: number; text: string }>()
  const refused = eachEdit(edits, (edit) => {
    const decide = decisionOf(edit)
    for (const [index, line] of lines.entries()) {
      if (!line.text.startsWith(edit.match)) continue
      if ((chosen.get(index)?.length ?? 0) > edit.match.length) continue
      const value = decide(line.text)
      if (value === unchanged) continue
      chosen.set(index, { length: edit.match.length, text: requireOneLine(textOf(value)) })
    }
  })
  const edited = lines.map((line, index) => ({
    ...line,
    text: chosen.get(index)?.text ?? line.text,
  }))
  return { text: joinLines(edited), refused }
}
