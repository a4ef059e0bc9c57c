import type { TemplateBody, TemplateInput } from '../../../../contract/api/template-fields.ts'
import { ImageName } from '../../../../contract/protocol/spec.ts'
import { fromPanel, unknownPlaceholders } from '../../../../contract/rules/placeholders.ts'
import { patternProblem } from '../../../../contract/rules/ready.ts'
import { onOneLine } from '../../../../contract/text.ts'
import { invalidField } from '../../invalid.ts'
import { configPart, readConfigFiles } from './config-files.ts'
import type { Findings } from './findings.ts'
import { readImages } from './images.ts'
import { readStop } from './stop.ts'
import { type Fields, fieldsOf, isFields, listIn, own, textIn } from './values.ts'
import { readVariables } from './variables.ts'

/**
 * Reads an egg of Pterodactyl or Pelican, whatever its version: each keeps its fields in one of a few
 * places, and no two mean different things by one.
 * @throws `invalid_input` for what no server could run: no name, no usable image
 */
export function fromEgg(egg: Fields, findings: Findings): TemplateInput {
  const [image, ...images] = readImages(egg, findings)
  if (image === undefined) throw invalidField('content', 'It names no image that can be used.')
  const config = fieldsOf(own(egg, 'config'))
  const variables = readVariables(egg, findings)
  const configFiles = readConfigFiles(configPart(config, 'files', findings), findings)
  const [startup, ...startups] = readStartups(egg, findings)
  const template = {
    name: findings.clipped('name', onOneLine(textIn(egg, 'name') ?? '').trim(), 100),
    description: findings.clipped('description', textIn(egg, 'description') ?? '', 20_000),
    author: findings.clipped('author', textIn(egg, 'author') ?? '', 200),
    image: image.image,
    images: images.length === 0 ? [] : [image, ...images],
    ...readInstall(egg, findings),
    startup: startup?.command ?? '',
    startups: startups.length === 0 ? [] : [...(startup ? [startup] : []), ...startups],
    startupMode: 'image',
    ready: readReady(configPart(config, 'startup', findings), findings),
    ...readStop(textIn(config, 'stop') ?? '', findings),
    variables,
    configFiles,
    fileDenylist: readDenylist(egg, findings),
    updateUrl: textIn(fieldsOf(own(egg, 'meta')), 'update_url')?.slice(0, 2000) ?? null,
    features: featuresOf(egg),
  } satisfies TemplateInput
  tellUnknown(template, findings)
  return template
}

function readInstall(egg: Fields, findings: Findings) {
  const install = fieldsOf(own(fieldsOf(own(egg, 'scripts')), 'installation'))
  const script = (textIn(install, 'script') ?? '').replaceAll('\r\n', '\n')
  const container = (textIn(install, 'container') ?? '').trim().replace(/^~/, '')
  const usable = ImageName.safeParse(container).success
  if (script !== '' && !usable) {
    const field = 'scripts.installation.container'
    findings.error(field, `"${container.slice(0, 100)}" is no image's name: the server's is used.`)
  }
  return {
    installImage: usable ? container : null,
    installEntrypoint: (textIn(install, 'entrypoint') ?? '').trim().slice(0, 256) || 'ash',
    installScript: script.trim() === '' ? null : script,
  }
}

/** The startup lines, the usual one first. */
function readStartups(egg: Fields, findings: Findings): TemplateBody['startups'] {
  const usual = textIn(egg, 'startup')
  const commands = own(egg, 'startup_commands')
  const named = isFields(commands)
    ? Object.entries(commands).flatMap(([name, command]) =>
        typeof command === 'string'
          ? [{ name: findings.clipped('startup_commands', name || 'Default', 200), command }]
          : [],
      )
    : []
  const fitting = findings.capped('startup_commands', named, 64)
  // Both are there in what was written for both kinds of panel.
  const first = fitting.find(({ command }) => command === usual)
  if (first !== undefined) return [first, ...fitting.filter((one) => one !== first)]
  return usual === null ? fitting : [{ name: 'Default', command: usual }, ...fitting]
}

function readReady(startup: Fields, findings: Findings): string[] {
  const texts = listIn(startup, 'done').filter((text) => typeof text === 'string' && text !== '')
  const usable = texts.filter((text): text is string => {
    if (typeof text !== 'string') return false
    const problem = text.length > 512 ? 'it is too long' : patternProblem(text)
    if (problem !== null) {
      findings.error('config.startup.done', `"${text.slice(0, 100)}" is left out: ${problem}.`)
    }
    return problem === null
  })
  return findings.capped('config.startup.done', usable, 16)
}

function readDenylist(egg: Fields, findings: Findings): string[] {
  const lines = listIn(egg, 'file_denylist')
    .filter((line) => typeof line === 'string')
    .flatMap((line) => line.split(/\r?\n/))
    .filter((line) => line.trim() !== '')
    .map((line) => findings.clipped('file_denylist', line, 512))
  return findings.capped('file_denylist', lines, 200)
}

/** Names of the help that a panel gives with known troubles of a game. */
function featuresOf(egg: Fields): TemplateBody['features'] {
  const names = listIn(egg, 'features').filter((name) => typeof name === 'string')
  return names.length === 0 ? {} : { eggFeatures: names }
}

/** Tells of placeholders that no server will ever fill. */
function tellUnknown(
  {
    startup,
    startups,
    variables,
    configFiles,
  }: Pick<TemplateBody, 'startup' | 'startups' | 'variables' | 'configFiles'>,
  findings: Findings,
): void {
  const names = new Set(variables.map(({ name }) => name))
  for (const { path, find } of configFiles) {
    const texts = find.flatMap(({ match, ifValue, value }) => [match, ifValue ?? '', String(value)])
    for (const name of new Set(unknownPlaceholders([path, ...texts].join('\n'), names))) {
      const message = `{{${name}}} is not known here and stays as it is.`
      findings.warning(`config.files.${path}`, message)
    }
  }
  for (const line of new Set([startup, ...startups.map(({ command }) => command)])) {
    for (const [whole, name = ''] of line.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)) {
      if (names.has(name) || fromPanel.has(name)) continue
      if (/^\w+$/.test(name)) {
        const message = `${whole} is filled by no variable: it is empty unless the image sets it.`
        findings.warning('startup', message)
      } else {
        const message = `${whole} is no variable's name: an image's shell cannot run this line.`
        findings.error('startup', message)
      }
    }
  }
}
