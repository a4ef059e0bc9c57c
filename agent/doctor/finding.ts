/** What one check found. `fail`: the agent cannot do its work like this. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail'
  readonly name: string
  /** For `warn` and `fail`: what to do about it, too. */
  readonly text: string
}

export function ok(name: string, text: string): Finding {
  return { level: 'ok', name, text }
}

export function warn(name: string, text: string): Finding {
  return { level: 'warn', name, text }
}

export function fail(name: string, text: string): Finding {
  return { level: 'fail', name, text }
}
