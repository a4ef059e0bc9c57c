declare module 'gamedig' {
  interface QueryResult {
    readonly name: string
    readonly maxplayers: number
    readonly numplayers: number
    readonly raw: Readonly<Record<string, unknown>>
  }

  /** Asks game servers how they are; the part of it that the tests use. */
  export const GameDig: {
    query(options: {
      type: string
      host: string
      port: number
      givenPortOnly?: boolean
      maxRetries?: number
      socketTimeout?: number
    }): Promise<QueryResult>
  }
}
