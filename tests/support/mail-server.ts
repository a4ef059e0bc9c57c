import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly user: string | null
  readonly encrypted: boolean
  /** As it came, dots unstuffed. */
  readonly source: string
}

/** A real SMTP server on this machine, which keeps what it gets. */
export async function startMailServer(options: SMTPServerOptions) {
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'panel' && password === 'the password') done(null, { user: username })
      else done(new Error('wrong user or password'))
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user ?? null,
          encrypted: session.secure,
          source: String(Buffer.concat(chunks)),
        })
        done()
      })
    },
    ...options,
  })
  // A client that gives up on the certificate is a test of ours, and no failure of the server.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    received,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** What a mail of ours says, once its one part is decoded; empty when there is none. */
export function mailText(mail: ReceivedMail | undefined): string {
  const source = mail?.source ?? ''
  const body = source.slice(source.indexOf('\r\n\r\n') + 4).replaceAll('\r\n', '')
  return String(Buffer.from(body, 'base64')).replaceAll('\r', '')
}
