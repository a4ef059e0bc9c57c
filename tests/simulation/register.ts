import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A small change to the product's own source, by which a rule of the link is broken. */
export interface Mutant {
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Kinds of fault by which it shows, when it shows too seldom among all. */
  readonly focus?: readonly string[]
}

const root = new URL('../../', import.meta.url)
const platform = new URL('platform/cloudflare-workers.ts', import.meta.url).href

/**
 * Lets this thread load the object's class, and one mutant of the product if it is told to. To be called
 * before anything of the product is loaded.
 */
export function registerSimulation(mutant: Mutant | null): void {
  const target = mutant === null ? null : new URL(mutant.file, root).href
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cloudflare:workers'
        ? { url: platform, shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) => {
      const loaded = next(url, context)
      if (mutant === null || url !== target) return loaded
      return { ...loaded, source: changed(String(loaded.source), mutant) }
    },
  })
}

/** @throws when the text is not there exactly once: a mutant that changes nothing would prove nothing */
export function changed(source: string, { name, file, find, replace }: Mutant): string {
  const parts = source.split(find)
  if (parts.length !== 2) {
    throw new Error(`mutant "${name}": its text is ${parts.length - 1} times in ${file}`)
  }
  return parts.join(replace)
}

/** Where the repository's files are. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, root))
}
