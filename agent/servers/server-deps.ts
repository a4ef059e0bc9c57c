import type { Clock } from '../clock.ts'
import type { ConfigEditor } from '../files/config/editor.ts'
import type { Log } from '../log.ts'
import type { OrderToCheck } from '../policy.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Book } from './book.ts'
import type { Console } from './console-port.ts'
import type { DataDirs } from './data-dir.ts'
import type { DiskGauge } from './disk-gauge.ts'
import type { Typist } from './typist.ts'

/** What those who act on servers need. */
export interface ServerDeps {
  readonly book: Book
  readonly console: Console
  readonly runtime: Runtime
  readonly typist: Typist
  readonly dirs: DataDirs
  readonly disks: DiskGauge
  /** Edits files with the rights of a user alone. */
  readonly openEditor: (uid: number) => ConfigEditor
  /** `true`, or why the node's owner does not let this run [Q15]. */
  readonly policy: (order: OrderToCheck) => true | string
  readonly clock: Clock
  readonly log: Log
  readonly bootId: string
  /** The agent ends: what is under way is left as it is and taken up next time. */
  readonly closing: AbortSignal
}
