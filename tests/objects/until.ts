/**
 * Polls until `look` finds something; a test never waits for a time, only for a thing. It counts its looks,
 * since the clock may stand still.
 */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
): Promise<T> {
  for (let looks = 0; looks < 4000; looks += 1) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error(`waited in vain for ${what}`)
}
