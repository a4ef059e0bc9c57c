/** Placeholders are `{{NAME}}`, filled once from a fixed map and never expanded again. */
const placeholder = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g

export type StartupMode = 'shell' | 'argv' | 'image'

export type Startup =
  | { readonly ok: true; readonly command: readonly string[] | null; readonly preview: string }
  | { readonly ok: false; readonly missing: readonly string[] }

/**
 * Turns a template's startup line into what the container runs.
 *
 * - `argv`: split into words first, filled after, so a value can never become a second argument.
 * - `shell`: placeholders become shell variables and the container's `/bin/sh` runs the line; values
 *   travel in the environment and are never part of the program text.
 * - `image`: the image's own entrypoint reads the line from `STARTUP` (as eggs' images do). It makes a
 *   shell variable of each placeholder, and the image may set some that the panel does not know.
 *
 * @returns `missing` names placeholders that no variable fills, where the panel has to fill them
 */
export function startupOf(
  mode: StartupMode,
  line: string,
  environment: Readonly<Record<string, string>>,
): Startup {
  const names = Array.from(line.matchAll(placeholder), (match) => match[1] ?? '')
  const missing = [...new Set(names.filter((name) => !Object.hasOwn(environment, name)))]
  if (missing.length > 0 && mode !== 'image') return { ok: false, missing }
  const fill = (text: string) =>
    text.replaceAll(placeholder, (whole, name: string) =>
      Object.hasOwn(environment, name) ? (environment[name] ?? '') : whole,
    )
  const preview = fill(line)
  switch (mode) {
    case 'argv':
      return { ok: true, command: words(line).map(fill), preview }
    case 'shell':
      return { ok: true, command: ['/bin/sh', '-c', asShell(line)], preview }
    case 'image':
      return { ok: true, command: null, preview }
  }
}

function asShell(line: string): string {
  return line.replaceAll(placeholder, (_whole, name: string) => `\${${name}}`)
}

/** Splits a line into words as a shell would, knowing quotes and backslashes but expanding nothing. */
export function words(line: string): string[] {
  const found: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at)
    if (quote !== null) {
      if (char === quote) quote = null
      else if (char === '\\' && quote === '"' && '"\\'.includes(line.charAt(at + 1))) {
        at += 1
        word = (word ?? '') + line.charAt(at)
      } else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (char === '\\' && at + 1 < line.length) {
      at += 1
      word = (word ?? '') + line.charAt(at)
    } else if (/\s/.test(char)) {
      if (word !== null) found.push(word)
      word = null
    } else word = (word ?? '') + char
  }
  if (word !== null) found.push(word)
  return found
}
