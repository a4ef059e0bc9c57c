import type { MailId } from '../../../contract/ids.ts'
import type { Carrier } from './carrier.ts'

/** Where one request leaves its mail. */
export interface Postbox extends Carrier {
  /** Mail that this request has written, to be sent once it is answered; its transaction may yet fail. */
  readonly written: MailId[]
}

/** Made anew for each request. */
export function createPostbox(carrier: Carrier): Postbox {
  return { carry: (way, letter) => carrier.carry(way, letter), written: [] }
}
