/** Longest text of a line, in bytes of UTF-8 [C4]. */
export const longestText = 8192

/**
 * What may stay of an escape sequence: a complete SGR, which sets colours. Everything else that
 * begins with ESC or is a C1 control goes, with what belongs to it.
 */
const sequences = new RegExp(
  [
    // Strings to the terminal (OSC, DCS, SOS, PM, APC): up to their end, the next ESC or the line's
    // end.
    '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?',
    // Control sequences; the group holds those that set colours.
    '(\\x1b\\[[0-9;:]{0,64}m)',
    '(?:\\x1b\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]?',
    // Two-byte and charset sequences, and a lone ESC.
    '\\x1b[\\x20-\\x2f]*[\\x30-\\x7e]?',
  ].join('|'),
  'g',
)

/**
 * Controls other than tab; the marks that turn the reading direction around, which can make a line
 * say something else than it does; separators that some programs take for line ends; tag
 * characters, which nobody can see.
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  /[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

/** A colour that a cut left without its end: it would colour whatever is printed next. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what it looks for
const openColour = /\x1b[^m]*$/

/** Nearly every line of a game is printable ASCII, and clean as it is. */
const plain = /^[\x20-\x7e]*$/

/**
 * Makes a line safe to show [C4]: at most 8 KiB, without controls and sequences other than tab and
 * colours, and well-formed. Pure; cleaning what is clean changes nothing.
 */
export function cleanText(text: string): string {
  if (text.length <= longestText && plain.test(text)) return text
  // No character is shorter than a byte, so what is cut here could not have stayed, bar long
  // sequences.
  const bounded = text.length > 4 * longestText ? text.slice(0, 4 * longestText) : text
  const shown = bounded
    .toWellFormed()
    // A program that redraws its line: the parts stay apart, and none is hidden.
    .replace(/\r+$/, '')
    .replace(/\r+/g, ' ')
    .replace(sequences, (_, colours: string | undefined) => colours ?? '')
    .replace(controls, '')
  return cutToBytes(shown, longestText)
}

function cutToBytes(text: string, most: number): string {
  if (text.length * 3 <= most) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  let end = most
  // Bytes 10xxxxxx go on a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return bytes.toString('utf8', 0, end).replace(openColour, '')
}
