import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'

const Options = z.object({
  port: z.coerce.number().int().min(0).max(65_535),
  host: z.string().min(1),
  data: z
    .string()
    .min(1)
    .transform((path) => resolve(path)),
  noAgent: z.boolean(),
  demo: z.boolean(),
  yes: z.boolean(),
  adminEmail: z.string().min(1).nullable(),
  adminPassword: z.string().min(1).nullable(),
  linkTimerDivisor: z.string().regex(/^\d+$/),
  suspensionDeletePolicy: z.enum(['block', 'allow']),
  privateAddresses: z.enum(['block', 'allow']),
  auditRetentionDays: z.string().regex(/^[1-9]\d{0,4}$/),
  apiRateLimit: z.string().regex(/^[1-9]\d{0,4}$/),
  subUsersPerServer: z.string().regex(/^[1-9]\d{0,3}$/),
  apiKeysPerAccount: z.string().regex(/^[1-9]\d{0,3}$/),
})
export type Options = z.infer<typeof Options>

export const usage = `npm start -- [options]

  --port <n>      where the panel listens [8080]
  --host <ip>     on which address [127.0.0.1]; another one is for a reverse proxy or tunnel with TLS
  --data <dir>    where everything is kept [.catalyst]
  --no-agent      do not run game servers on this machine
  --demo          make the OpenTTD demo image and its template
  --yes           install Docker without asking when it is missing

CATALYST_ADMIN_EMAIL and CATALYST_ADMIN_PASSWORD create the first administrator without the link.
SUSPENSION_DELETE_POLICY=allow lets owners delete a suspended server; AUDIT_RETENTION_DAYS [365].
PRIVATE_ADDRESSES=allow lets the panel use mail servers and sign-in providers on this machine or network.
API_RATE_LIMIT [240] is how many requests a minute an API key may make; SUB_USERS_PER_SERVER [50].
API_KEYS_PER_ACCOUNT [50].`

export type OptionsResult =
  | { readonly ok: true; readonly options: Options }
  | { readonly ok: false; readonly message: string }

/** Reads the launcher's flags and environment; a message instead when they make no sense. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): OptionsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string', default: '.catalyst' },
        'no-agent': { type: 'boolean', default: false },
        demo: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ok: false, message: usage }
    const parsed = Options.safeParse({
      ...values,
      noAgent: values['no-agent'],
      yes: values.yes || env.CI === 'true',
      adminEmail: env.CATALYST_ADMIN_EMAIL ?? null,
      adminPassword: env.CATALYST_ADMIN_PASSWORD ?? null,
      linkTimerDivisor: env.CATALYST_LINK_TIMER_DIVISOR ?? '1',
      suspensionDeletePolicy: env.SUSPENSION_DELETE_POLICY ?? 'block',
      privateAddresses: env.PRIVATE_ADDRESSES ?? 'block',
      auditRetentionDays: env.AUDIT_RETENTION_DAYS ?? '365',
      apiRateLimit: env.API_RATE_LIMIT ?? '240',
      subUsersPerServer: env.SUB_USERS_PER_SERVER ?? '50',
      apiKeysPerAccount: env.API_KEYS_PER_ACCOUNT ?? '50',
    })
    if (parsed.success) return { ok: true, options: parsed.data }
    const issue = parsed.error.issues[0]
    return { ok: false, message: `${issue?.path.join('.')}: ${issue?.message}\n\n${usage}` }
  } catch (error) {
    return { ok: false, message: `${error instanceof Error ? error.message : error}\n\n${usage}` }
  }
}
