import type { Letter, Outcome, SmtpWay } from '../services/mail/carrier.ts'
import { composeMessage, domainOf, requireAddress } from './message.ts'
import { printable } from './printable.ts'
import { BrokenConversation, Replies, type Reply } from './replies.ts'
import type { OpenWire, Wire } from './wire.ts'

/** The whole conversation has to be over by then, in milliseconds. */
const withinMs = 30_000

/** The server said no to a step: what that means for the mail depends on the step and the code. */
class Refusal extends Error {
  override name = 'Refusal'
  readonly fault: 'refused' | 'failed'

  constructor(fault: 'refused' | 'failed', said: string) {
    super(said)
    this.fault = fault
  }
}

/** Hands one mail to an SMTP server (RFC 5321), over TLS or not at all, in a connection of its own. */
export async function sendBySmtp(
  open: OpenWire,
  way: SmtpWay,
  letter: Letter,
  timeoutMs = withinMs,
): Promise<Outcome> {
  const talk = new Conversation(open(way, way.security === 'tls' ? 'at_once' : 'later'))
  const clock = alarm(timeoutMs)
  try {
    const work = deliver(talk, way, letter)
    work.catch(() => undefined) // it goes on to fail after the alarm, with nobody left to hear it
    const reply = await Promise.race([work, clock.rings])
    return { taken: true, said: inWords(reply, way) }
  } catch (error) {
    const said = printable(
      error instanceof Error ? error.message : String(error),
      ...secretsOf(way),
    )
    const fault = error instanceof Refusal ? error.fault : 'unreachable'
    return { taken: false, fault, said }
  } finally {
    clock.stop()
    talk.close()
  }
}

async function deliver(talk: Conversation, way: SmtpWay, letter: Letter): Promise<Reply> {
  const sender = requireAddress(letter.from.address)
  const hello = `EHLO ${domainOf(sender)}`
  const message = composeMessage(letter)
  await talk.expect(2)
  let extensions = await talk.ask(hello, 2)
  if (way.security === 'starttls') {
    requireExtension(
      extensions,
      'STARTTLS',
      'The server offers no encryption, so nothing was sent.',
    )
    await talk.ask('STARTTLS', 2)
    talk.startTls()
    extensions = await talk.ask(hello, 2)
  }
  if (way.login !== null) await logIn(talk, extensions, way.login)
  await talk.ask(`MAIL FROM:<${sender}>`, 2)
  await talk.ask(`RCPT TO:<${requireAddress(letter.to)}>`, 2, 'refused')
  await talk.ask('DATA', 3)
  const taken = await talk.ask(`${message}.`, 2, 'refused')
  await talk.say('QUIT').catch(() => undefined) // it has the mail already
  return taken
}

async function logIn(
  talk: Conversation,
  extensions: Reply,
  { user, password }: NonNullable<SmtpWay['login']>,
): Promise<void> {
  const methods = requireExtension(extensions, 'AUTH', 'The server asks for no user and password.')
  if (methods.includes('PLAIN')) {
    await talk.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 2)
    return
  }
  await talk.ask('AUTH LOGIN', 3)
  await talk.ask(base64(user), 3)
  await talk.ask(base64(password), 2)
}

/** @returns the extension's parameters */
function requireExtension({ lines }: Reply, name: string, otherwise: string): readonly string[] {
  // The first line greets; each of the others names an extension.
  const words = lines.slice(1).map((line) => line.trim().toUpperCase().split(/\s+/))
  const found = words.find(([first]) => first === name)
  if (found === undefined) throw new Refusal('failed', otherwise)
  return found.slice(1)
}

/** One side speaks, the other answers. */
class Conversation {
  private wire: Wire
  private replies: Replies

  constructor(wire: Wire) {
    this.wire = wire
    this.replies = new Replies(wire)
  }

  say(line: string): Promise<void> {
    return this.wire.write(`${line}\r\n`)
  }

  /**
   * @param kind the first digit of the code that lets the conversation go on
   * @param forGood what a lasting no at this step means; elsewhere it is the set-up that is wrong, and the
   *   mail may go once that is right
   * @throws {Refusal}
   */
  async ask(line: string, kind: 2 | 3, forGood: 'refused' | 'failed' = 'failed'): Promise<Reply> {
    await this.say(line)
    return this.expect(kind, forGood)
  }

  async expect(kind: 2 | 3, forGood: 'refused' | 'failed' = 'failed'): Promise<Reply> {
    const reply = await this.replies.next()
    const { code, lines } = reply
    if (Math.floor(code / 100) === kind) return reply
    throw new Refusal(code >= 500 ? forGood : 'failed', `${code} ${lines.join(' ')}`)
  }

  /** What came before the encryption was nobody's word: somebody on the way may have said it. */
  startTls(): void {
    if (this.replies.hasMore)
      throw new BrokenConversation('The server spoke before its encryption.')
    this.wire = this.wire.startTls()
    this.replies = new Replies(this.wire)
  }

  close(): void {
    this.wire.close()
  }
}

function alarm(ms: number) {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new BrokenConversation(`The server did not finish within ${ms / 1000} seconds.`))
  }, ms)
  return { rings: promise, stop: () => clearTimeout(timer) }
}

function inWords({ code, lines }: Reply, way: SmtpWay): string {
  return printable(`${code} ${lines.join(' ')}`, ...secretsOf(way))
}

function secretsOf({ login }: SmtpWay): readonly string[] {
  if (login === null) return []
  const { user, password } = login
  return [password, base64(password), base64(`\0${user}\0${password}`)]
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
