import type { Plain } from './edit.ts'

const whole = /^-?(?:0|[1-9]\d{0,14})$/
const decimal = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/

/**
 * A value in the kind that its place wants, for formats that tell texts from numbers. Templates write most
 * values as texts, because placeholders stand in them; a program that reads a port wants a number. So a text
 * stays one where a text stands, and becomes the number that it is written like elsewhere; `true` and
 * `false` become what they say where a truth value stands. What is no text is written as it is.
 * @param present null: nothing stands there
 */
export function inKindOf(value: Plain, present: Plain): Plain {
  if (typeof value !== 'string' || typeof present === 'string') return value
  if (whole.test(value) || (typeof present === 'number' && decimal.test(value)))
    return Number(value)
  if (typeof present === 'boolean' && /^(?:true|false)$/.test(value)) return value === 'true'
  return value
}
