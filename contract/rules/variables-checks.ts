import * as z from 'zod'
import type { Rule } from './variables-parse.ts'
import { readPattern } from './variables-pattern.ts'

/** What a rule measures: the number where the value is one by its other rules, else its length. */
export interface Measured {
  readonly value: string
  readonly numeric: boolean
  /** Not a number where the value should be one and is not: then no bound holds. */
  readonly size: number
}

/** Null: the value keeps the rule; else what it would have to be, as the end of a sentence. */
type Check = (measured: Measured, rule: Rule) => string | null

/** A number as PHP's `is_numeric` has it. */
export function isNumeric(value: string): boolean {
  return /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value)
}

const unless = (holds: boolean, otherwise: string) => (holds ? null : otherwise)
const matching =
  (pattern: RegExp, otherwise: string): Check =>
  ({ value }) =>
    unless(pattern.test(value), otherwise)
const parsed =
  (schema: z.ZodType, otherwise: string): Check =>
  ({ value }) =>
    unless(schema.safeParse(value).success, otherwise)
const noCheck: Check = () => null

const amount = ({ numeric }: Measured, count: string) =>
  numeric ? count : `${count} character${count === '1' ? '' : 's'}`
const bound = (text: string | undefined) => Number(text?.trim() || Number.NaN)

function sized(word: string, holds: (size: number, limit: number) => boolean): Check {
  return (measured, { list: [limit = ''] }) =>
    // A bound that is no number is a reference to another field, which a variable does not have.
    unless(
      Number.isNaN(bound(limit)) || holds(measured.size, bound(limit)),
      `${word} ${amount(measured, limit.trim())}`,
    )
}

const words = (list: readonly string[]) => list.join(', ')
const letters = (ascii: string, all: RegExp, what: string): Check => {
  const plain = new RegExp(`^[${ascii}]+$`)
  return ({ value }, { text }) => unless((text === 'ascii' ? plain : all).test(value), what)
}

/** The rules that public eggs use, and those of the same kind beside them. */
const checks: Readonly<Record<string, Check>> = {
  // These say what an empty value means, or nothing about a text.
  required: noCheck,
  nullable: noCheck,
  present: noCheck,
  filled: noCheck,
  sometimes: noCheck,
  bail: noCheck,
  string: noCheck,
  numeric: ({ value }) => unless(isNumeric(value), 'a number'),
  integer: ({ value }) => unless(isInteger(value), 'a whole number'),
  boolean: ({ value }) =>
    unless(['0', '1', 'true', 'false'].includes(value), '0, 1, true or false'),
  accepted: matching(/^(?:yes|on|1|true)$/i, 'accepted: 1 or true'),
  min: sized('at least', (size, limit) => size >= limit),
  max: sized('at most', (size, limit) => size <= limit),
  size: sized('exactly', (size, limit) => size === limit),
  gt: sized('more than', (size, limit) => size > limit),
  gte: sized('at least', (size, limit) => size >= limit),
  lt: sized('less than', (size, limit) => size < limit),
  lte: sized('at most', (size, limit) => size <= limit),
  between: (measured, { list: [from = '', to = ''] }) =>
    unless(
      measured.size >= bound(from) && measured.size <= bound(to),
      `between ${from.trim()} and ${amount(measured, to.trim())}`,
    ),
  digits: ({ value }, { list: [count] }) =>
    unless(/^\d+$/.test(value) && value.length === bound(count), `exactly ${count} digits`),
  digits_between: ({ value }, { list: [from, to] }) =>
    unless(
      /^\d+$/.test(value) && value.length >= bound(from) && value.length <= bound(to),
      `${from} to ${to} digits`,
    ),
  decimal: ({ value }, { list: [from, to = from] }) => {
    const [, places = ''] = /^[+-]?\d*\.?(\d*)$/.exec(value) ?? []
    const fits = places.length >= bound(from) && places.length <= bound(to)
    return unless(isNumeric(value) && fits, `a number with ${from} to ${to} decimal places`)
  },
  multiple_of: ({ value }, { list: [of] }) =>
    unless(isNumeric(value) && Number(value) % bound(of) === 0, `a multiple of ${of}`),
  in: ({ value }, { list }) => unless(list.includes(value), `one of: ${words(list)}`),
  not_in: ({ value }, { list }) => unless(!list.includes(value), `none of: ${words(list)}`),
  alpha: letters('A-Za-z', /^[\p{L}\p{M}]+$/u, 'made of letters alone'),
  alpha_num: letters('A-Za-z0-9', /^[\p{L}\p{M}\p{N}]+$/u, 'made of letters and digits alone'),
  alpha_dash: letters(
    'A-Za-z0-9_-',
    /^[\p{L}\p{M}\p{N}_-]+$/u,
    'made of letters, digits, - and _ alone',
  ),
  starts_with: ({ value }, { list }) =>
    unless(
      list.some((part) => value.startsWith(part)),
      `beginning with ${words(list)}`,
    ),
  ends_with: ({ value }, { list }) =>
    unless(
      list.some((part) => value.endsWith(part)),
      `ending with ${words(list)}`,
    ),
  doesnt_start_with: ({ value }, { list }) =>
    unless(!list.some((part) => value.startsWith(part)), `not beginning with ${words(list)}`),
  doesnt_end_with: ({ value }, { list }) =>
    unless(!list.some((part) => value.endsWith(part)), `not ending with ${words(list)}`),
  lowercase: ({ value }) => unless(value === value.toLowerCase(), 'in lower case'),
  uppercase: ({ value }) => unless(value === value.toUpperCase(), 'in upper case'),
  url: ({ value }, { list }) =>
    unless(isUrl(value, list), 'an address such as https://example.org'),
  active_url: ({ value }) => unless(isUrl(value, []), 'an address such as https://example.org'),
  email: parsed(z.email(), 'an e-mail address'),
  ip: parsed(z.union([z.ipv4(), z.ipv6()]), 'an IP address'),
  ipv4: parsed(z.ipv4(), 'an IPv4 address'),
  ipv6: parsed(z.ipv6(), 'an IPv6 address'),
  uuid: matching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, 'a UUID'),
  json: ({ value }) => unless(isJson(value), 'JSON'),
  regex: ({ value }, { text }) => {
    const pattern = readPattern(text)
    return unless(!pattern.ok || pattern.finds(value), `as this pattern says: ${text}`)
  },
  not_regex: ({ value }, { text }) => {
    const pattern = readPattern(text)
    return unless(!pattern.ok || !pattern.finds(value), `other than this pattern: ${text}`)
  },
}

export function checkOf(name: string): Check | undefined {
  return Object.hasOwn(checks, name) ? checks[name] : undefined
}

/** As PHP's filter has it: no leading zero, and no more than 64 bits. */
function isInteger(value: string): boolean {
  const text = value.trim()
  if (!/^[+-]?(?:0|[1-9]\d{0,18})$/.test(text)) return false
  const number = BigInt(text.replace('+', ''))
  return number >= -(2n ** 63n) && number < 2n ** 63n
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  const [, scheme = ''] =
    /^([a-z][a-z\d+.-]*):\/\/(?:[^\s/?#@]+@)?[^\s/?#@]+(?:[/?#]\S*)?$/i.exec(value) ?? []
  return scheme !== '' && (schemes.length === 0 || schemes.includes(scheme.toLowerCase()))
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false // that is the answer
  }
}
