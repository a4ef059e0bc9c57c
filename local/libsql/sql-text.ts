/** One statement of a text, with what must be known before it is handed to the engine. */
export type SqlStatement = {
  readonly sql: string
  /** The parameters by position; a named one has its name without the prefix, others null. */
  readonly parameters: readonly (string | null)[]
  /** The first words, in capitals: enough to tell what kind of statement it is. */
  readonly words: readonly string[]
}

const maxParameter = 32_766
const wordsKept = 4

/**
 * What counts as one token of SQL. Comments, strings and quoted names are whole tokens, so that a
 * semicolon or a question mark inside them is never taken for one outside.
 */
const tokenPattern = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<quoted>'[^']*(?:''[^']*)*'?|"[^"]*(?:""[^"]*)*"?|${'`[^`]*`?'}|\[[^\]]*\]?)`,
    String.raw`(?<parameter>\?\d*|[:@$][\w$\u0080-\uffff]+)`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
    String.raw`(?<other>\d[\w.]*|[\s\S])`,
  ].join('|'),
  'gy',
)

/**
 * Cuts a text into its statements. The engine compiles only the first statement of a text and
 * says nothing about the rest, and it aborts the process when values are given by name to a
 * statement with a nameless parameter; so both are decided here.
 */
export function splitSql(text: string): SqlStatement[] {
  const statements: SqlStatement[] = []
  let draft = new Draft(0)
  for (const { index, 0: token, groups } of text.matchAll(tokenPattern)) {
    if (groups?.space !== undefined) continue
    if (token === ';' && draft.endsAtSemicolon()) {
      draft.finish(text, index, statements)
      draft = new Draft(index + 1)
    } else {
      draft.add(token, groups?.word !== undefined, groups?.parameter !== undefined)
    }
  }
  draft.finish(text, text.length, statements)
  return statements
}

class Draft {
  readonly #start: number
  readonly #words: string[] = []
  readonly #parameters: (string | null)[] = []
  #tokens = 0
  #last = ''
  #beforeLast = ''

  constructor(start: number) {
    this.#start = start
  }

  add(token: string, isWord: boolean, isParameter: boolean): void {
    const word = isWord ? token.toUpperCase() : token
    if (this.#tokens < wordsKept) this.#words.push(word)
    if (isParameter) this.#addParameter(token)
    this.#tokens += 1
    this.#beforeLast = this.#last
    this.#last = word
  }

  /** A trigger's body has semicolons of its own: it ends at the one after `; END`. */
  endsAtSemicolon(): boolean {
    if (!this.#isTrigger() || (this.#beforeLast === ';' && this.#last === 'END')) return true
    this.add(';', false, false)
    return false
  }

  finish(text: string, end: number, statements: SqlStatement[]): void {
    if (this.#tokens === 0) return
    const sql = text.slice(this.#start, end).trim()
    statements.push({ sql, parameters: this.#parameters, words: this.#words })
  }

  #isTrigger(): boolean {
    return this.#words[0] === 'CREATE' && this.#words.slice(1, 3).includes('TRIGGER')
  }

  /** Numbers parameters as SQLite does: `?` and a new name take the next number, `?7` is 7. */
  #addParameter(token: string): void {
    const parameters = this.#parameters
    if (token === '?') parameters.push(null)
    else if (token.startsWith('?')) {
      const wanted = Math.min(Number(token.slice(1)), maxParameter)
      while (parameters.length < wanted) parameters.push(null)
    } else if (!parameters.includes(token.slice(1))) parameters.push(token.slice(1))
  }
}
