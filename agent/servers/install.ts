import type { ServerId } from '../../contract/ids.ts'
import type { CommandResult } from '../../contract/protocol/commands.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import {
  type CommandContext,
  type Executor,
  failedWith,
  interruptionOf,
  resultOfFailure,
  succeeded,
} from '../executor.ts'
import { reasonOf } from '../log.ts'
import { fetchImage } from './images.ts'
import { endScript, findScript, followScript, runScript } from './install-script.ts'
import type { ServerDeps } from './server-deps.ts'
import { isUp } from './server-memory.ts'

/**
 * Installs a server: images, folder, and the template's script in a container of its own. The container
 * carries the command's id, and what came of it is remembered with the id, so that an agent that was
 * stopped in the middle finds out and goes on [Q6].
 */
export function createInstallExecutor(deps: ServerDeps): Executor<'server.install'> {
  const { book } = deps
  return {
    repeat: 'probe',
    run: async ({ serverId, wipe }, context) => {
      const order = mayInstall(deps, serverId)
      if (!order.ok) return order.refusal
      // A start that failed stays known: the next click must ask for another one.
      book.remember(serverId, { observed: { state: 'installing' } })
      return conclude(deps, serverId, context, async () => {
        await prepare(deps, order.desired, wipe, context)
        if (order.desired.spec.install === null) return succeeded
        return runScript(deps, order.desired, context)
      })
    },
    findOut: async ({ serverId }, context) => {
      if (book.desired(serverId) === null) return 'again'
      const { install, observed } = book.memory(serverId)
      if (install?.commandId === context.id) return install.result
      const patient = observed.state === 'installing'
      const container = await findScript(deps, context, patient)
      if (container === null) return 'again'
      return conclude(deps, serverId, context, () => followScript(deps, container, context))
    },
    undo: async ({ serverId }, context) => {
      await removeScript(deps, context)
      const isHere = book.desired(serverId) !== null
      if (isHere && book.memory(serverId).observed.state === 'installing') {
        book.remember(serverId, { observed: { state: 'install_failed' } })
      }
    },
  }
}

type Order =
  | { readonly ok: true; readonly desired: DesiredServer }
  | { readonly ok: false; readonly refusal: CommandResult }

function mayInstall({ book, policy, dirs }: ServerDeps, serverId: ServerId): Order {
  const refuse = (refusal: CommandResult): Order => ({ ok: false, refusal })
  const desired = book.desired(serverId)
  if (desired === null) return refuse(failedWith('wrong_state', 'This node has no such server.'))
  if (desired.suspended) return refuse(failedWith('suspended', 'The server is suspended.'))
  if (desired.removed) return refuse(failedWith('wrong_state', 'The server is being deleted.'))
  const memory = book.memory(serverId)
  if (isUp(memory)) return refuse(failedWith('wrong_state', 'The server runs. Stop it first.'))
  const { spec } = desired
  const order = { spec, dataDir: dirs.filesOf(serverId), uid: memory.uid }
  for (const role of spec.install === null ? (['server'] as const) : bothRoles) {
    const allowed = policy({ ...order, role })
    if (allowed !== true) return refuse(failedWith('node_policy', allowed))
  }
  return { ok: true, desired }
}

const bothRoles = ['server', 'install'] as const

async function prepare(
  { book, console, dirs, runtime }: ServerDeps,
  { serverId, spec }: DesiredServer,
  wipe: boolean,
  { signal, progress }: CommandContext,
): Promise<void> {
  const say = (text: string) => console.installLine(serverId, text)
  await dirs.markInstalled(serverId, false)
  if (wipe) {
    say('Deleting all files.')
    await dirs.wipe(serverId)
  }
  await dirs.ensure(serverId, book.memory(serverId).uid)
  const images = new Set([spec.image, spec.install?.image ?? spec.image])
  for (const image of images) {
    await fetchImage(runtime, image, { signal, say, onProgress: progress })
  }
}

/**
 * Does the work, then takes in what came of it. When the agent ends meanwhile, everything is left for the
 * next start to find.
 */
async function conclude(
  deps: ServerDeps,
  serverId: ServerId,
  context: CommandContext,
  work: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const { book, console, dirs } = deps
  const stopListening = console.onLine((id, { stream, text }) => {
    if (id === serverId && stream === 'install') context.log(text)
  })
  const result = await work().catch((error: unknown) => brokenOff(deps, serverId, context, error))
  console.flush()
  stopListening()
  if (interruptionOf(context.signal) === 'closing') return result
  const done = result.outcome === 'succeeded'
  if (done) await dirs.markInstalled(serverId, true)
  const ending = done ? 'Installed.' : `Not installed: ${result.message ?? result.outcome}`
  console.installLine(serverId, ending)
  context.log(ending)
  // One that was broken off still runs; it must not when its end is told.
  if (!done) await removeScript(deps, context)
  book.remember(serverId, {
    installed: done,
    install: { commandId: context.id, result },
    observed: { state: done ? 'stopped' : 'install_failed' },
  })
  if (done) await removeScript(deps, context)
  return result
}

/** A script that had done all its work when it was to be cancelled has done it [Q8]. */
async function brokenOff(
  deps: ServerDeps,
  serverId: ServerId,
  context: CommandContext,
  error: unknown,
): Promise<CommandResult> {
  const broken = resultOfFailure(error, context.signal)
  if (interruptionOf(context.signal) !== 'cancelled') return broken
  try {
    return (await endScript(deps, serverId, context)) ? succeeded : broken
  } catch (cause) {
    deps.log.warn('the script that was cancelled could not be looked at', {
      reason: reasonOf(cause),
    })
    return broken
  }
}

/** What is left is removed with the server's next installation, so a failure here is only noted. */
async function removeScript(
  { book, runtime, log }: ServerDeps,
  { id }: CommandContext,
): Promise<void> {
  try {
    for (const container of await runtime.list()) {
      if (container.marks.commandId !== id) continue
      await runtime.remove(container.id)
      book.unsee(container.id)
    }
  } catch (error) {
    log.warn('the container of an installation could not be removed', { reason: reasonOf(error) })
  }
}
