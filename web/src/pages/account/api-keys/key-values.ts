import { type ApiKey, apiKeys } from '../../../../../contract/api/api-keys.ts'
import type { CallInput } from '../../../../../contract/endpoint.ts'
import type { ServerId } from '../../../../../contract/ids.ts'
import type { Permission } from '../../../../../contract/permissions.ts'
import { isAboutOneServer } from '../../../../../contract/rules/rights.ts'
import { problemsBy } from '../../../ui/form-problems.ts'

const dayMs = 24 * 3_600_000

/** A key as the form has it. */
export interface KeyValues {
  readonly name: string
  readonly permissions: readonly Permission[]
  /** Whether it is for single servers, and then for which. */
  readonly limited: boolean
  readonly serverIds: readonly ServerId[]
  /** One address or range a line; none: from anywhere. */
  readonly addresses: string
  /** Days from now, or one of the words of `expiryChoices`. */
  readonly expiry: string
  /** With the expiry `day`: as a date field has it. */
  readonly day: string
}

export const expiryChoices = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'day', label: 'At the end of a day…' },
  { value: 'never', label: 'Never' },
]
/** For a key that is there already, with the time that it has. */
export const unchanged = 'unchanged'

export function valuesOf(saved: ApiKey | null): KeyValues {
  return {
    name: saved?.name ?? '',
    permissions: saved?.permissions ?? [],
    limited: saved !== null && saved.serverIds !== null,
    serverIds: saved?.serverIds ?? [],
    addresses: (saved?.addresses ?? []).join('\n'),
    expiry: saved === null ? '90' : unchanged,
    day: '',
  }
}

/** What the form asks the API for. Rights that a key for single servers could not use stay out. */
export function inputOf(values: KeyValues, now: number): CallInput<typeof apiKeys.create> {
  const { name, permissions, limited, serverIds } = values
  const addresses = values.addresses.split(/[\s,]+/).filter((line) => line !== '')
  const expiresAt = expiresAtOf(values, now)
  return {
    name,
    permissions: permissions.filter((right) => !limited || isAboutOneServer(right)),
    serverIds: limited ? [...serverIds] : null,
    addresses: addresses.length === 0 ? null : addresses,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** Undefined: as it is. */
function expiresAtOf({ expiry, day }: KeyValues, now: number): string | null | undefined {
  if (expiry === unchanged) return undefined
  if (expiry === 'never') return null
  const at = expiry === 'day' ? Date.parse(`${day}T23:59:59`) : now + Number(expiry) * dayMs
  return Number.isNaN(at) ? '' : new Date(at).toISOString()
}

/** What is wrong with the form, by field. */
export function problemsOf(values: KeyValues, now: number): Record<string, string> {
  const problems = atFields(problemsBy(apiKeys.create.body, inputOf(values, now)))
  if (values.expiry !== 'day') return problems
  const at = Date.parse(`${values.day}T23:59:59`)
  if (Number.isNaN(at)) return { ...problems, expiresAt: 'Choose a day.' }
  return at <= now ? { ...problems, expiresAt: 'Choose a later day.' } : problems
}

/** The form has one field for all addresses. */
export function atFields(problems: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems).map(([path, message]) => [path.replace(/\.\d+$/, ''), message]),
  )
}

/** Of what may be chosen, what changes nothing. */
export function readOnlyOf(usable: readonly Permission[]): Permission[] {
  return usable.filter((name) => name.endsWith('.read'))
}
