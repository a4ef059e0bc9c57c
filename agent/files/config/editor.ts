import { type ChildProcess, fork } from 'node:child_process'
import type { ConfigParser } from '../../../contract/protocol/config-files.ts'
import { type Edit, UnreadableFile } from './edit.ts'
import type { EditedFile } from './edit-file.ts'
import { EditAnswer, type EditOrder } from './edit-order.ts'

/** Edits configuration files, whatever is in them. */
export interface ConfigEditor {
  /**
   * @throws {UnreadableFile} with the reason, in words; of the file nothing was changed
   */
  edit(parser: ConfigParser, bytes: Buffer, edits: readonly Edit[]): Promise<EditedFile>
  /** Ends the editor's process. */
  close(): void
}

export interface EditorOptions {
  /** The agent's own program file. */
  readonly program: string
  /** Who the process becomes; null: it stays who it is. */
  readonly uid: number | null
  /** For one file. Milliseconds. */
  readonly patience?: number
}

/** For one file: an honest one takes a hundredth of it, and a megabyte of small values a third. Milliseconds. */
const patience = 10_000
/** MiB of the process's heap: a megabyte of JSON's smallest values takes about 100. */
const heapMb = 192

/**
 * Edits in a process of its own, begun with the first file: a file that costs too much costs that process.
 * It has neither the agent's environment nor, when the agent is root, its rights.
 */
export function openConfigEditor({ program, uid, ...options }: EditorOptions): ConfigEditor {
  let child: ChildProcess | null = null

  const open = () => {
    child ??= fork(program, ['edit-config'], {
      execArgv: [`--max-old-space-size=${heapMb}`],
      env: {},
      cwd: '/',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    })
    return child
  }
  const close = () => {
    child?.kill('SIGKILL')
    child = null
  }

  return {
    edit: async (parser, bytes, edits) => {
      try {
        const order: EditOrder = { parser, bytes, edits: [...edits], uid }
        const answer = await answerOf(open(), order, options.patience ?? patience)
        if (answer.outcome === 'unreadable') throw new UnreadableFile(answer.reason)
        return { ...answer, bytes: Buffer.from(answer.bytes) }
      } catch (error) {
        if (!(error instanceof UnreadableFile)) close()
        throw error instanceof LostProcess
          ? new UnreadableFile(error.message, { cause: error })
          : error
      }
    },
    close,
  }
}

/** The process was ended, or ended itself, in the middle of a file. */
class LostProcess extends Error {
  override name = 'LostProcess'
}

function answerOf(child: ChildProcess, order: EditOrder, ms: number): Promise<EditAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<EditAnswer>()
  const onMessage = (message: unknown) => {
    const answer = EditAnswer.safeParse(message)
    if (answer.success) resolve(answer.data)
    else reject(new LostProcess('its parser gave an answer that nobody understands'))
  }
  const onExit = (code: number | null, signal: string | null) => {
    // V8 aborts when its heap is full, and the kernel kills when the machine's memory is.
    const isMemory = signal === 'SIGABRT' || signal === 'SIGKILL'
    reject(
      isMemory
        ? new LostProcess('reading it takes too much memory')
        : new Error(`the process that edits files ended (${signal ?? code})`),
    )
  }
  const onError = (error: Error) => {
    reject(new Error('the process that edits files could not be run', { cause: error }))
  }
  const timer = setTimeout(() => {
    reject(new LostProcess(`reading it takes longer than ${ms / 1000} s`))
  }, ms)
  child.once('message', onMessage).once('exit', onExit).once('error', onError)
  child.send(order)
  return promise.finally(() => {
    clearTimeout(timer)
    child.off('message', onMessage).off('exit', onExit).off('error', onError)
    // A broken-off send reports itself once more; nobody waits for it.
    child.on('error', () => {})
  })
}
