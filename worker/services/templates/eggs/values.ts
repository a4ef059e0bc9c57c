/** A document's object. Its values are unknown until they are looked at. */
export type Fields = Readonly<Record<string, unknown>>

/** The value as an object; a list, a text or nothing is an empty one. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value that its object has itself: nothing is found under `constructor`. */
export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** Texts and numbers as a text; all else is none. */
export function textIn(fields: Fields, name: string): string | null {
  const value = own(fields, name)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null
}

/** A list; an object's values, as PHP writes a list with holes; one text as a list of one. */
export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = own(fields, name)
  if (Array.isArray(value)) return value
  if (isFields(value)) return Object.values(value)
  return typeof value === 'string' && value !== '' ? [value] : []
}

/** Yes or no as eggs say it: true, 1, "1", "true". Null: it is not said. */
export function flagIn(fields: Fields, name: string): boolean | null {
  const value = own(fields, name)
  if (value === undefined || value === null) return null
  return value === true || value === 1 || value === '1' || value === 'true'
}

/** What a default value is as a text of the environment. */
export function environmentText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? '1' : '0'
    case 'object':
      return value === null ? '' : JSON.stringify(value)
    default:
      return ''
  }
}

/** Whether a whole number is too large to have all its digits. */
export function isRounded(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

/**
 * Reads JSON in which a number that would lose digits is a text.
 * @throws SyntaxError
 */
export function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, written?: { readonly source?: string }) =>
    isRounded(value) ? (written?.source ?? value) : value,
  )
}

/** A copy in which objects have no order: two are the same when these are the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isFields(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )
}

/** How deep objects and lists may lie in each other. */
const deepest = 40

/** Whether a value can be kept: no NUL in any text, no key that means something else, and not too deep. */
export function isPlain(value: unknown, depth = deepest): boolean {
  if (typeof value === 'string') return !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return (
    depth > 0 &&
    Object.entries(value).every(
      ([key, inner]) => !key.includes('\0') && key !== '__proto__' && isPlain(inner, depth - 1),
    )
  )
}
