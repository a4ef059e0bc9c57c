import * as z from 'zod'

/**
 * The closed list of failures that the API answers: code, HTTP status, and a sentence that says what
 * is wrong and what to do. A new failure is a new line here.
 */
export const errors = {
  invalid_input: [400, 'The request has fields that are missing or wrong: see details.'],
  invalid_json: [400, 'The request body is not valid JSON.'],
  unauthenticated: [401, 'Sign in first.'],
  invalid_credentials: [401, 'E-mail or password is wrong.'],
  second_factor_needed: [
    401,
    'Show the second factor too: send it with the token in details, before that expires.',
  ],
  join_token_invalid: [401, 'The join token is wrong, used or expired. Make a new one.'],
  sign_in_expired: [401, 'This sign-in has taken too long or too many codes. Start over.'],
  passkey_refused: [401, 'The passkey was not accepted. Try again, or sign in another way.'],
  wrong_code: [403, 'The code is wrong, expired or used already.'],
  wrong_password: [403, 'The current password is wrong.'],
  provider_refused: [403, 'The provider did not let you sign in. Try again, or sign in otherwise.'],
  account_not_linked: [
    403,
    'No account here is linked with that sign-in. Sign in another way, then link it on your account page; without an account, ask an administrator.',
  ],
  email_not_verified: [
    403,
    'The provider does not vouch for your e-mail address. Verify it there, then try again.',
  ],
  account_disabled: [403, 'The account is disabled. Ask an administrator.'],
  forbidden: [403, 'Your account has no right to do this.'],
  exceeds_your_rights: [403, 'It holds rights that you do not have yourself.'],
  two_factor_required: [403, 'Your role asks for a second factor. Set one up first.'],
  address_not_allowed: [403, 'The API key may not be used from this address.'],
  wrong_origin: [403, 'The request came from another site. Use the panel itself or a token.'],
  link_invalid: [403, 'The link is wrong, used or expired. Ask for a new one.'],
  setup_token_invalid: [403, 'The set-up link is wrong, used or expired. Make a new one.'],
  invite_for_another: [
    403,
    'The invitation is for another e-mail address. Sign in with the account that has it.',
  ],
  not_found: [404, 'There is no such thing, or you may not see it.'],
  invite_invalid: [
    404,
    'The invitation was used or taken back, or a newer one has replaced it. Ask for another.',
  ],
  has_password: [409, 'The account has a password already. Make a link to a new password instead.'],
  already_in_use: [
    409,
    'Its holder signs in with a provider or a passkey already. Make a link to a new password instead.',
  ],
  already_set_up: [409, 'The first administrator exists already. Sign in instead.'],
  name_taken: [409, 'The name is in use. Choose another.'],
  email_taken: [409, 'An account with this e-mail exists already.'],
  limit_reached: [409, 'There may be no more of these. Remove one first.'],
  already_has_access: [409, 'They have access to the server already.'],
  invite_void: [409, 'Whoever made the invitation may not do so any more. Ask for another.'],
  identity_taken: [409, 'That sign-in is linked with another account already.'],
  only_way_in: [
    409,
    'It is the only way into your account. Set a password or add a passkey first.',
  ],
  builtin_role: [409, 'Every panel has this role as it is. Add one of your own instead.'],
  no_second_factor: [409, 'The account has no second factor. Set one up first.'],
  last_admin: [409, 'Somebody has to be administrator. Make another one first.'],
  port_taken: [409, 'The port is in use on this node. Choose another.'],
  no_free_port: [409, 'The node has no free port left. Widen its port range.'],
  port_not_offered: [
    403,
    'The node does not offer this port or address to owners. Leave it out to get a free one, or ask an administrator.',
  ],
  primary_port: [409, 'This is the primary port. Make another one primary first.'],
  no_node_fits: [409, 'No node has room for this server. Add a node or ask for less.'],
  node_in_maintenance: [
    409,
    'No new server comes to this node while it is in maintenance. Choose another, or end that.',
  ],
  wrong_state: [409, 'The server is not in a state that allows this.'],
  already_suspended: [409, 'The server is suspended already.'],
  not_suspended: [409, 'The server is not suspended.'],
  in_use: [409, 'It is in use: see details for what uses it.'],
  idempotency_conflict: [409, 'The idempotency key was used before with another request.'],
  idempotency_in_progress: [409, 'The request with this key is still at work. Ask again shortly.'],
  idempotency_done: [
    409,
    'The request with this key was carried out, and its answer is not known any more: see details for what it changed.',
  ],
  operation_finished: [409, 'The operation has finished already.'],
  not_cancellable: [409, 'This kind of operation cannot be cancelled once it runs.'],
  not_retryable: [409, 'Only what ended without success can be asked for again.'],
  demo_unavailable: [
    409,
    'No demo can be made here now. Start the panel by its launcher, with Docker.',
  ],
  invite_expired: [410, 'The invitation has expired. Ask for another.'],
  too_large: [413, 'The request is too large.'],
  unsupported_media_type: [415, 'Send JSON, with content-type application/json.'],
  server_suspended: [423, 'The server is suspended.'],
  too_many_attempts: [429, 'Too many attempts. Wait as long as Retry-After says.'],
  rate_limited: [429, 'Too many requests. Wait as long as Retry-After says.'],
  queue_full: [429, 'Too many operations wait already. Try again later.'],
  internal: [500, 'Something went wrong here. The request id names it in the log.'],
  provider_failed: [
    502,
    'The sign-in provider did not answer as it should. Try again later, or sign in otherwise.',
  ],
  database_unavailable: [503, 'The database does not answer. Nothing was changed; try again.'],
  throttle_unavailable: [
    503,
    'Attempts cannot be counted at the moment, so none is let in. Try again.',
  ],
  node_offline: [503, 'The node is not connected, and this cannot wait for it.'],
  node_unavailable: [503, "The node's object does not answer. Try again."],
  node_timeout: [504, 'The node did not answer in time.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

export type ErrorCode = keyof typeof errors

const codes = Object.keys(errors) as [ErrorCode, ...ErrorCode[]]
export const ErrorCode = z.enum(codes).meta({ id: 'ErrorCode' })

/** One thing that is wrong with a request: which field, as a path into the input, and why. */
export const InputIssue = z
  .object({ path: z.array(z.string()), message: z.string() })
  .meta({ id: 'InputIssue' })
export type InputIssue = z.infer<typeof InputIssue>

const ErrorDetails = z
  .union([z.array(InputIssue), z.record(z.string(), z.unknown())])
  .describe('With `invalid_input` a list of what is wrong; else facts about this failure.')
export type ErrorDetails = z.infer<typeof ErrorDetails>

/** What a failed request is answered with. */
export const ErrorReply = z
  .object({
    success: z.literal(false),
    error: z.string().describe('A sentence for people.'),
    code: ErrorCode,
    details: ErrorDetails.optional(),
    requestId: z.string(),
    suspendedAt: z.iso.datetime().optional(),
    suspensionReason: z.string().nullable().optional(),
  })
  .meta({ id: 'Error' })
export type ErrorReply = z.infer<typeof ErrorReply>

/** An expected failure on its way to a client; unexpected ones become `internal`. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly details: ErrorDetails | undefined

  /** @param sentence replaces the code's own sentence where a more exact one is known */
  constructor(code: ErrorCode, details?: ErrorDetails, sentence?: string) {
    super(sentence ?? errors[code][1])
    this.code = code
    this.details = details
  }

  get status(): number {
    return errors[this.code][0]
  }
}
