export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Facts beside a message. Never a secret: what is logged may be pasted into a ticket [Q14]. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export interface LogOptions {
  readonly format: 'json' | 'human'
  readonly verbose: boolean
  readonly now: () => number
  readonly write: (line: string) => void
}

/** One line per message, for a person or for a program. */
export function createLog({ format, verbose, now, write }: LogOptions): Log {
  const say = (level: LogLevel, message: string, fields: LogFields = {}) => {
    if (level === 'debug' && !verbose) return
    const at = new Date(now()).toISOString()
    write(
      format === 'json' ? asJson(at, level, message, fields) : asText(at, level, message, fields),
    )
  }
  return {
    debug: (message, fields) => say('debug', message, fields),
    info: (message, fields) => say('info', message, fields),
    warn: (message, fields) => say('warn', message, fields),
    error: (message, fields) => say('error', message, fields),
  }
}

function asJson(at: string, level: LogLevel, message: string, fields: LogFields): string {
  return `${JSON.stringify({ at, level, message, ...fields })}\n`
}

function asText(at: string, level: LogLevel, message: string, fields: LogFields): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  return `${at} ${level.padEnd(5)} ${JSON.stringify(message).slice(1, -1)}${rest.join('')}\n`
}

/** What went wrong, in words: the message of an error and of its causes, but none of them twice. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.message || error.name
  if (error.cause === undefined) return own
  const cause = reasonOf(error.cause)
  return own.includes(cause) || cause.includes(own) ? own : `${own}: ${cause}`
}
