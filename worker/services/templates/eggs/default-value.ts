import { EnvironmentValue } from '../../../../contract/protocol/spec.ts'
import { valueProblem } from '../../../../contract/rules/variables.ts'
import { readRule } from '../../../../contract/rules/variables-parse.ts'
import type { Findings } from './findings.ts'
import { environmentText, type Fields, fieldsOf, own, textIn } from './values.ts'

/** What is known of a variable before its default is read. */
interface Described {
  readonly name: string
  readonly required: boolean
  readonly input: string
  readonly rules: readonly string[]
}

/** Reads a variable's default. One that no server could keep is told, and so is one that is asked for. */
export function readDefault(
  value: unknown,
  variable: Described,
  document: Fields,
  field: string,
  findings: Findings,
): string {
  const { name, required } = variable
  const text =
    typeof value === 'boolean' ? flagText(value, variable, document) : environmentText(value)
  if (!EnvironmentValue.safeParse(text).success) {
    findings.error(field, `The default of ${name} is too long, and is left out.`)
    return ''
  }
  if (text.trim() === '') {
    if (required) {
      const told = `${name} has no default and is required: it is asked for with each server.`
      findings.info(field, told)
    }
    return text
  }
  const problem = valueProblem(variable, text)
  if (problem !== null) {
    const told = `Its own rules refuse the default of ${name}, "${text.slice(0, 100)}": each server has to be given another value.`
    findings.warning(field, `${told} ${problem}`)
  }
  return text
}

/**
 * Yes and no as the text that was meant. Rules that want a boolean or a number mean 1 and 0. Pelican
 * writes the words `true` and `false` into YAML without their quotes, so there they are words; elsewhere
 * they are what PHP makes of them, 1 and 0. Where the variable's rules refuse one, the other was meant.
 */
function flagText(flag: boolean, variable: Described, document: Fields): string {
  const word = String(flag)
  const digit = flag ? '1' : '0'
  const fits = (text: string) => valueProblem(variable, text) === null
  const [likely, other] = isWord(variable, document) ? [word, digit] : [digit, word]
  return fits(likely) || !fits(other) ? likely : other
}

function isWord({ rules }: Described, document: Fields): boolean {
  const version = textIn(fieldsOf(own(document, 'meta')), 'version') ?? ''
  const wantsDigits = rules.some((rule) => digitRules.includes(readRule(rule).name))
  return version.toUpperCase().startsWith('PLCN_') && !wantsDigits
}

const digitRules = ['boolean', 'integer', 'numeric']
