import type { TemplateBody } from '../../../contract/api/template-fields.ts'
import { AppError, type InputIssue } from '../../../contract/errors.ts'
import { patternProblem } from '../../../contract/rules/ready.ts'

type Checked = Pick<TemplateBody, 'variables' | 'ready'> &
  Partial<Pick<TemplateBody, 'images' | 'startups'>>

/** @throws `invalid_input` for what no single field shows */
export function checkTemplate({ variables, ready, images = [], startups = [] }: Checked): void {
  const issues = [
    ...doubledNames('variables', variables, 'Another variable has this name.'),
    ...doubledNames('images', images, 'Another image has this name.'),
    ...doubledNames('startups', startups, 'Another startup line has this name.'),
    ...ready.flatMap((text, at): InputIssue[] => {
      const problem = patternProblem(text)
      if (problem === null) return []
      return [{ path: ['ready', String(at)], message: `It cannot be used: ${problem}.` }]
    }),
  ]
  if (issues.length > 0) throw new AppError('invalid_input', issues)
}

function doubledNames(
  field: string,
  named: readonly { readonly name: string }[],
  message: string,
): InputIssue[] {
  const names = named.map(({ name }) => name)
  return names.flatMap((name, at) =>
    names.indexOf(name) === at ? [] : [{ path: [field, String(at), 'name'], message }],
  )
}
