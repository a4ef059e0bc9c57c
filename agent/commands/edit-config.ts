import { UnreadableFile } from '../files/config/edit.ts'
import { editFile } from '../files/config/edit-file.ts'
import { type EditAnswer, EditOrder, longestFile } from '../files/config/edit-order.ts'
import { reasonOf } from '../log.ts'

/**
 * `edit-config`: edits the files that its parent sends, one after the other, until the parent hangs up. The
 * agent runs it as a process of its own, because whoever wrote a file may have meant to exhaust its reader.
 */
export function editConfigCommand(): Promise<number> {
  return new Promise((resolve) => {
    if (process.send === undefined) {
      process.stderr.write('edit-config is run by the agent itself.\n')
      resolve(2)
      return
    }
    process.on('message', (message) => {
      process.send?.(answerTo(EditOrder.parse(message)))
    })
    process.once('disconnect', () => resolve(0))
  })
}

function answerTo({ parser, bytes, edits, uid }: EditOrder): EditAnswer {
  if (uid !== null) become(uid)
  try {
    const edited = editFile(parser, Buffer.from(bytes), edits)
    if (edited.bytes.length > 2 * longestFile) throw new UnreadableFile('it would become too long')
    return { outcome: 'edited', ...edited, refused: [...edited.refused] }
  } catch (error) {
    if (error instanceof UnreadableFile) return { outcome: 'unreadable', reason: error.message }
    return { outcome: 'unreadable', reason: `its parser failed: ${reasonOf(error)}` }
  }
}

/** Gives up every right that root has; a second time there is nothing left to give up. */
function become(uid: number): void {
  if (process.geteuid?.() !== 0) return
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
}
