const maxLength = 300

/** What another end said, fit for a line of ours: no control characters, not too long, no secret of ours. */
export function printable(text: string, ...secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '•••')
  clean = clean.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean
}
