import { TemplateField } from '../../../../contract/api/template-documents.ts'
import type { TemplateBody, TemplateFormat } from '../../../../contract/api/template-fields.ts'
import { configPart, writeConfigFiles } from './config-files.ts'
import { Findings } from './findings.ts'
import { ownPart, translate } from './read-template.ts'
import { writeStop } from './stop.ts'
import { canonical, type Fields, fieldsOf, listIn, own, textIn } from './values.ts'
import { writeVariable } from './variables.ts'

/** The document that a template was read from. */
export interface Source {
  readonly format: TemplateFormat
  readonly document: Fields
}

/**
 * Writes a template as an egg of Pterodactyl (`PTDL_v2`). What its own egg says beyond a template's
 * fields stands in it again, and each part that has not changed since stands as it was written. What an
 * egg has no words for stands under a key of our own, which other panels pass over.
 */
export function writeEgg(
  template: TemplateBody,
  source: Source | null,
  exportedAt: string,
): Fields {
  const egg = source === null || source.format === 'catalyst' ? {} : source.document
  const keep = keeping(template, source)
  const config = fieldsOf(own(egg, 'config'))
  const part = (name: string) => configPart(config, name, new Findings())
  const images = keep(['image', 'images'], own(egg, 'docker_images'))
  const written = {
    ...restOf(egg),
    meta: { ...fieldsOf(own(egg, 'meta')), version: 'PTDL_v2', update_url: template.updateUrl },
    exported_at: exportedAt,
    name: keep(['name'], own(egg, 'name')) ?? template.name,
    author: keep(['author'], own(egg, 'author')) ?? template.author,
    description: keep(['description'], own(egg, 'description')) ?? template.description,
    features: own(template.features, 'eggFeatures') ?? null,
    docker_images: Array.isArray(images) || !images ? imagesOf(template) : images,
    file_denylist: template.fileDenylist,
    startup: template.startup,
    ...(keep(['startup', 'startups'], startupsIn(egg)) ?? startupsOf(template)),
    config: {
      ...config,
      files: asText(keep(['configFiles'], part('files')) ?? writeConfigFiles(template.configFiles)),
      startup: asText(keep(['ready'], part('startup')) ?? readyOf(template, part('startup'))),
      ...logsIn(config),
      stop:
        keep(['stopCommand', 'sendSignalTo', 'stopGraceSeconds'], textIn(config, 'stop')) ??
        writeStop(template),
    },
    scripts: scriptsOf(template, fieldsOf(own(egg, 'scripts')), keep),
    variables: variablesOf(template, listIn(egg, 'variables').map(fieldsOf)),
  }
  return { ...written, ...ownPartOf(template, written) }
}

/** What an egg has beyond the fields that are written anew. */
function restOf(egg: Fields): Fields {
  // Where there is a map of images, `image` is a picture.
  const spent = Object.hasOwn(egg, 'docker_images') ? [] : ['images', 'image']
  const names = [...spent, 'startup_commands', ownPart]
  return Object.fromEntries(Object.entries(egg).filter(([name]) => !names.includes(name)))
}

function startupsIn(egg: Fields): Fields | undefined {
  const commands = own(egg, 'startup_commands')
  return commands === undefined ? undefined : { startup_commands: commands }
}

/** No panel reads it; older ones miss it where it is not there. */
function logsIn(config: Fields): Fields {
  const logs = own(config, 'logs') ?? {}
  return { logs: typeof logs === 'string' ? logs : JSON.stringify(logs) }
}

type Keep = <Value>(fields: readonly (keyof TemplateBody)[], value: Value) => Value | undefined

/** Gives back what stands in the source where the template still says the same. */
function keeping(template: TemplateBody, source: Source | null): Keep {
  if (source === null || source.format === 'catalyst') return () => undefined
  const before = translate(source.format, source.document)
  return (fields, value) =>
    fields.every((name) => canonical(before[name]) === canonical(template[name]))
      ? value
      : undefined
}

function imagesOf({ image, images }: TemplateBody): Fields {
  const usual = images.find((one) => one.image === image) ?? { name: image, image }
  const all = [usual, ...images.filter((one) => one !== usual)]
  return Object.fromEntries(all.map((one) => [one.name, one.image]))
}

/** Newer eggs of Pelican have several lines; where there is one alone, an egg says no more of it. */
function startupsOf({ startups }: TemplateBody): Fields {
  if (startups.length === 0) return {}
  return {
    startup_commands: Object.fromEntries(startups.map(({ name, command }) => [name, command])),
  }
}

function readyOf({ ready }: TemplateBody, before: Fields): Fields {
  return { ...before, done: ready.length === 1 ? ready[0] : ready }
}

function scriptsOf(template: TemplateBody, scripts: Fields, keep: Keep): Fields {
  const before = fieldsOf(own(scripts, 'installation'))
  const container = keep(['installImage', 'image'], textIn(before, 'container') || null)
  return {
    ...scripts,
    installation: {
      ...before,
      script: keep(['installScript'], textIn(before, 'script')) ?? template.installScript ?? '',
      container: container ?? template.installImage ?? template.image,
      entrypoint: template.installEntrypoint,
    },
  }
}

function variablesOf({ variables }: TemplateBody, before: readonly Fields[]): readonly Fields[] {
  return variables.map((variable) => {
    const known = before.find((one) => textIn(one, 'env_variable')?.trim() === variable.name)
    return writeVariable(variable, known ?? {})
  })
}

/** Parts of `config` are JSON in a text, as every panel reads them. */
function asText(part: Fields): string {
  return JSON.stringify(part)
}

/** The fields that the egg, read again, would not say by itself. */
function ownPartOf(template: TemplateBody, egg: Fields): Fields {
  const readAgain = translate('ptdl_v2', egg)
  const lost = TemplateField.options.filter(
    (name) => canonical(readAgain[name]) !== canonical(template[name]),
  )
  if (lost.length === 0) return {}
  return { [ownPart]: Object.fromEntries(lost.map((name) => [name, template[name]])) }
}
