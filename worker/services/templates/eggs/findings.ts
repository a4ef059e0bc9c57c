import type { ImportFinding } from '../../../../contract/api/template-fields.ts'

/** The most that are kept: whoever reads a thousand lines reads none. */
const most = 200

/** What is found while a document is read, in its order. */
export class Findings {
  readonly all: ImportFinding[] = []

  info(field: string, message: string): void {
    this.#add('info', field, message)
  }

  warning(field: string, message: string): void {
    this.#add('warning', field, message)
  }

  error(field: string, message: string): void {
    this.#add('error', field, message)
  }

  /** The text, or as much of it as fits, which is told. */
  clipped(field: string, text: string, longest: number): string {
    if (text.length <= longest) return text
    this.warning(field, `Only the first ${longest} characters are kept.`)
    return text.slice(0, longest)
  }

  /** The list, or as much of it as fits, which is told. */
  capped<T>(field: string, list: readonly T[], longest: number): T[] {
    if (list.length > longest) this.error(field, `Only the first ${longest} are kept.`)
    return list.slice(0, longest)
  }

  #add(level: ImportFinding['level'], field: string, message: string): void {
    if (this.all.length < most) this.all.push({ level, field, message })
  }
}
