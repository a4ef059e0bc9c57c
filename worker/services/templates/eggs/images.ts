import type { TemplateBody } from '../../../../contract/api/template-fields.ts'
import { ImageName } from '../../../../contract/protocol/spec.ts'
import type { Findings } from './findings.ts'
import { type Fields, isFields, listIn, own } from './values.ts'

type Named = TemplateBody['images'][number]

/**
 * The images of an egg, the usual one first: a map of names (`docker_images`), a list or a single one.
 * Names that the engine would refuse are left out and told.
 */
export function readImages(document: Fields, findings: Findings): Named[] {
  const found: Named[] = []
  for (const { field, name, image } of writtenImages(document)) {
    const wanted = image.trim()
    const plain = wanted.replace(/^~/, '')
    if (plain !== wanted) {
      findings.warning(
        field,
        'The mark ~ (never fetch) has no effect: what is there is not fetched.',
      )
    }
    if (!ImageName.safeParse(plain).success) {
      findings.error(field, `"${image.slice(0, 100)}" is no image's name, and is left out.`)
    } else found.push({ name: findings.clipped(field, name.trim() || plain, 200), image: plain })
  }
  return findings.capped('docker_images', found, 64)
}

interface Written {
  readonly field: string
  readonly name: string
  readonly image: string
}

function writtenImages(document: Fields): Written[] {
  const map = own(document, 'docker_images')
  if (isFields(map)) {
    return Object.entries(map).flatMap(([name, image]) =>
      typeof image === 'string' ? [{ field: `docker_images.${name}`, name, image }] : [],
    )
  }
  const field = ['docker_images', 'images', 'image'].find(
    (name) => listIn(document, name).length > 0,
  )
  if (field === undefined) return []
  return listIn(document, field).flatMap((image, at) =>
    typeof image === 'string' && !image.startsWith('data:')
      ? [{ field: `${field}.${at}`, name: image, image }]
      : [],
  )
}
