type Fields = Readonly<Record<string, string | number | boolean | null>>

/** Structured log. Fields name ids and reasons; never a token, a password or a variable's value. */
export interface Log {
  info(event: string, fields: Fields): void
  error(event: string, fields: Fields): void
}

/** One JSON object a line, as the platform's log search reads it. */
export const consoleLog: Log = {
  info: (event, fields) => console.log(JSON.stringify({ event, ...fields })),
  error: (event, fields) => console.error(JSON.stringify({ event, ...fields })),
}
