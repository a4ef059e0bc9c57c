import type { TemplateBody } from '../../../contract/api/templates.ts'
import { AppError } from '../../../contract/errors.ts'

/** @throws `invalid_input` for what no single field shows */
export function checkTemplate({ variables }: Pick<TemplateBody, 'variables'>): void {
  const names = variables.map(({ name }) => name)
  const doubled = names.findIndex((name, at) => names.indexOf(name) !== at)
  if (doubled < 0) return
  const path = ['variables', String(doubled), 'name']
  throw new AppError('invalid_input', [{ path, message: 'Another variable has this name.' }])
}
