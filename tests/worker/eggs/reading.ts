import { readTemplateText } from '../../../worker/services/templates/eggs/read-template.ts'
import { anEgg } from './corpus.ts'

/** An egg, read as an import reads it. */
export function read(egg: Readonly<Record<string, unknown>>) {
  return readTemplateText(JSON.stringify(egg))
}

/** The fields that the report names at a level. */
export function fieldsFound({ report }: ReturnType<typeof read>, level: string) {
  return report.filter((one) => one.level === level).map(({ field }) => field)
}

/** The egg of the corpus with parts of its `config` changed. */
export function withConfig(change: Readonly<Record<string, unknown>>) {
  return anEgg({ config: { ...(anEgg().config as object), ...change } })
}
