import type { NodeId } from '../../contract/ids.ts'
import type { HostFacts, RuntimeFacts } from '../../contract/protocol/frames.ts'
import type { LinkState } from '../link.ts'
import { fromOwnJson } from './own-json.ts'

/** Single values of the node, each with its type. */
export interface Facts {
  readonly nodeId: NodeId
  readonly link: LinkState
  /** The number that the next command gets. */
  readonly nextSeq: number
  /** Of desired state [L3]. */
  readonly revision: number
  readonly catchingUp: boolean
  /** What the agent told last. */
  readonly host: { readonly host: HostFacts; readonly runtime: RuntimeFacts }
}

export class FactRows {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  get<Name extends keyof Facts>(name: Name): Facts[Name] | null {
    const text = this.text(name)
    return text === null ? null : fromOwnJson<Facts[Name]>(text)
  }

  /** The JSON of a fact, to compare without reading it. */
  text(name: keyof Facts): string | null {
    const [row] = this.sql
      .exec<{ value: string }>('SELECT value FROM facts WHERE name = ?', name)
      .toArray()
    return row?.value ?? null
  }

  set<Name extends keyof Facts>(name: Name, value: Facts[Name]): void {
    this.sql.exec('INSERT OR REPLACE INTO facts VALUES (?, ?)', name, JSON.stringify(value))
  }
}
