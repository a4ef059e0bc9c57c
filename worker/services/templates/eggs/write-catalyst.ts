import { TemplateField } from '../../../../contract/api/template-documents.ts'
import type { TemplateBody } from '../../../../contract/api/template-fields.ts'
import { translate } from './read-template.ts'
import { canonical, type Fields } from './values.ts'
import type { Source } from './write-egg.ts'

/**
 * Writes a template in our own format, which a template of the original's is too. One that was read from
 * such a document and has not changed since is that document again, with the fields that it left out.
 */
export function writeCatalyst(template: TemplateBody, source: Source | null): Fields {
  if (source === null || source.format !== 'catalyst') return template
  const before = translate('catalyst', source.document)
  const changed = TemplateField.options.filter(
    (name) => canonical(before[name]) !== canonical(template[name]),
  )
  const changedImage = changed.includes('image') || changed.includes('images')
  const { defaultImage, ...document } = source.document
  return {
    ...template,
    ...document,
    ...(changedImage || defaultImage === undefined ? {} : { defaultImage }),
    ...Object.fromEntries(
      changed.concat(changedImage ? ['image', 'images'] : []).map((name) => [name, template[name]]),
    ),
  }
}
