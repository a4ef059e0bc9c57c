import { TemplateBody, type TemplateInput } from '../../../../contract/api/template-fields.ts'
import { invalidField } from '../../invalid.ts'
import type { Findings } from './findings.ts'
import { environmentText, type Fields, fieldsOf, isFields, listIn, own, textIn } from './values.ts'

/** Fields that our own format has, by which what is not known here is told. */
const ours = new Set(Object.keys(TemplateBody.shape))
/** Of the original's alone; `id` is the name of its file. */
const originals = new Set(['id', 'defaultImage', 'configFile', 'catalyst', 'format'])

/** Where the original installs what names no image of its own. */
const originalInstallImage = 'alpine:3.19'

/** Reads a template in our own format, or in the original's, which it goes on from. */
export function fromCatalyst(document: Fields, findings: Findings): TemplateInput {
  for (const name of Object.keys(document)) {
    if (!ours.has(name) && !originals.has(name)) {
      findings.info(name, 'This field is not known here; it is kept, and has no effect.')
    }
  }
  const known = Object.entries(document).filter(([name, value]) => ours.has(name) && value !== null)
  const parsed = TemplateBody.safeParse({
    ...Object.fromEntries(known),
    ...imagesOf(document),
    ...installOf(document, findings),
    variables: variablesOf(document, findings),
    features: {
      ...fieldsOf(own(document, 'features')),
      ...(textIn(document, 'configFile') ? { configFile: own(document, 'configFile') } : {}),
    },
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String).join('.')
  throw invalidField('content', `${path}: ${issue?.message ?? 'it cannot be read'}`)
}

function imagesOf(document: Fields): Partial<TemplateInput> {
  const images = listIn(document, 'images').flatMap((written) => {
    const name = textIn(fieldsOf(written), 'name')
    const image = textIn(fieldsOf(written), 'image')
    return name === null || image === null ? [] : [{ name, image }]
  })
  const usual = textIn(document, 'defaultImage')
  // It may be named by its variant.
  const named = images.find(({ name }) => name === usual)?.image
  return { image: named ?? usual ?? textIn(document, 'image') ?? '', images }
}

/** The original fills `{{NAME}}` in scripts as well; here they find the same in their environment. */
function installOf(document: Fields, findings: Findings): Partial<TemplateInput> {
  const written = textIn(document, 'installScript')
  if (written === null || written.trim() === '') return { installScript: null }
  const script = written.replaceAll(
    /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g,
    (_whole, name) => `\${${name}}`,
  )
  if (script !== written) {
    findings.info('installScript', 'Placeholders such as {{NAME}} are read from the environment.')
  }
  const image = Object.hasOwn(document, 'installImage')
    ? textIn(document, 'installImage')
    : originalInstallImage
  return { installScript: script, installImage: image === '' ? originalInstallImage : image }
}

function variablesOf(document: Fields, findings: Findings): TemplateInput['variables'] {
  return listIn(document, 'variables').map((written, at) => {
    if (!isFields(written)) throw invalidField('content', `variables.${at}: this is no object.`)
    const fallback = environmentText(own(written, 'default'))
    const rules = listIn(written, 'rules').filter((rule) => typeof rule === 'string' && rule !== '')
    const variable = { ...written, default: fallback, rules }
    // There `between` always means the number, whatever the field is.
    const isNumber = /^-?\d+(\.\d+)?$/.test(fallback) && own(written, 'input') === 'text'
    if (isNumber && rules.some((rule) => String(rule).startsWith('between:'))) {
      findings.info(`variables.${at}`, 'It is between two numbers, and is read as a number field.')
      return { ...variable, input: 'number' }
    }
    return variable
  }) as TemplateInput['variables'] // TemplateBody parses them next
}
