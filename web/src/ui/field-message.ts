import type * as z from 'zod'

type RawIssue = Parameters<z.core.$ZodErrorMap>[0]

/** Says in a form's words what is wrong with a field; undefined leaves the schema's own sentence. */
export function fieldMessage(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return missing(issue.input)
        ? 'Fill this in.'
        : `Give ${kindNames[issue.expected] ?? 'a value'}.`
    case 'too_small':
      if (issue.origin === 'string') {
        return issue.minimum === 1 ? 'Fill this in.' : `At least ${issue.minimum} characters.`
      }
      return `${issue.inclusive === false ? 'More than' : 'At least'} ${issue.minimum}.`
    case 'too_big':
      return issue.origin === 'string'
        ? `At most ${issue.maximum} characters.`
        : `At most ${issue.maximum}.`
    case 'invalid_format':
      return formatMessages[issue.format]
    default:
      return undefined
  }
}

const kindNames: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
}

const formatMessages: Readonly<Record<string, string>> = {
  email: 'This is no e-mail address.',
  uuid: 'Choose one.',
}

function missing(input: unknown): boolean {
  return input === undefined || input === null || input === ''
}
