import type { ConfigEdit, ConfigFile, NodeFact } from '../../contract/protocol/config-files.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { type Edit, UnreadableFile } from '../files/config/edit.ts'
import { longestFile } from '../files/config/edit-order.ts'
import type { ConfigEditor } from '../files/config/editor.ts'
import { type Jail, safePath } from '../files/jail.ts'
import { JailError } from '../files/jail-error.ts'
import type { ServerDeps } from './server-deps.ts'

/** A server cannot be started with its configuration as it is. The message is for its owner. */
export class ConfigFileError extends Error {
  override name = 'ConfigFileError'
}

/** So many changes that were not made are named; of more, the rest is counted. */
const mostNamed = 10

/**
 * Brings a server's configuration files into line, one after the other, before it starts [D8]. A change
 * that a file does not admit is told at the console and left out.
 * @throws {ConfigFileError} when a file cannot be read or written; it is then as it was
 */
export async function editConfigFiles(
  deps: Pick<ServerDeps, 'book' | 'console' | 'dirs' | 'openEditor' | 'runtime'>,
  { serverId, spec }: DesiredServer,
  signal: AbortSignal,
): Promise<void> {
  if (spec.configFiles.length === 0) return
  const { uid } = deps.book.memory(serverId)
  const jail = deps.dirs.jailOf(serverId, uid)
  const facts = { gateway: await gatewayFor(deps, serverId, spec.configFiles) }
  const editor = deps.openEditor(uid)
  // A start that is not wanted any more does not wait for a file that takes long.
  signal.addEventListener('abort', editor.close)
  try {
    for (const file of spec.configFiles) {
      signal.throwIfAborted()
      const edits = file.replace.map((edit) => filledIn(edit, facts))
      const refused = await editOne(jail, editor, file, edits)
      for (const text of refused.slice(0, mostNamed)) deps.console.system(serverId, text)
      const more = refused.length - mostNamed
      if (more > 0) deps.console.system(serverId, `${file.path}: ${more} more were left out.`)
    }
  } finally {
    signal.removeEventListener('abort', editor.close)
    editor.close()
  }
}

type Facts = Readonly<Record<NodeFact['node'], string>>

/** Asked only when a file names it, for the server's network has to be made for that. */
async function gatewayFor(
  { runtime }: Pick<ServerDeps, 'runtime'>,
  serverId: DesiredServer['serverId'],
  files: readonly ConfigFile[],
): Promise<string> {
  const isNamed = files.some(({ replace }) => replace.some(({ value }) => Array.isArray(value)))
  return isNamed ? runtime.gateway(serverId) : ''
}

function filledIn({ match, ifValue, value }: ConfigEdit, facts: Facts): Edit {
  if (!Array.isArray(value)) return { match, ifValue, value }
  const parts = value.map((part) => (typeof part === 'string' ? part : facts[part.node]))
  return { match, ifValue, value: parts.join('') }
}

/** @returns what was left out, in words */
async function editOne(
  jail: Jail,
  editor: ConfigEditor,
  { path, parser }: ConfigFile,
  edits: readonly Edit[],
): Promise<string[]> {
  try {
    const where = safePath(path)
    const before = await readIfThere(jail, where)
    const after = await editor.edit(parser, before.bytes, edits)
    // Written only when something changes: a file that its game watches is not touched for nothing.
    if (after.changed) await jail.replace(where, after.bytes, before.mode)
    return after.refused.map(({ match, reason }) => `${path}: ${match} was not set: ${reason}.`)
  } catch (error) {
    if (error instanceof JailError) throw new ConfigFileError(error.message, { cause: error })
    if (!(error instanceof UnreadableFile)) throw error
    throw new ConfigFileError(
      `${path} cannot be brought into line: ${error.message}. ` +
        'It was left as it is; correct or delete it, then start again.',
      { cause: error },
    )
  }
}

async function readIfThere(jail: Jail, path: ReturnType<typeof safePath>) {
  try {
    return await jail.read(path, longestFile)
  } catch (error) {
    if (!(error instanceof JailError) || error.fault !== 'not_found') throw error
    return { bytes: Buffer.alloc(0), mode: 0o644 }
  }
}
