/** A connection as bytes. */
export interface Wire {
  /** Null: the other end has ended it. */
  read(): Promise<Uint8Array | null>
  write(text: string): Promise<void>
  /** Goes on encrypted, as whoever the connection was made to; this wire is not to be used any more. */
  startTls(): Wire
  /** Ends it at once; reads and writes that wait are over. */
  close(): void
}

/** @param tls from the first byte, or from `startTls` on */
export type OpenWire = (
  address: { readonly host: string; readonly port: number },
  tls: 'at_once' | 'later',
) => Wire
