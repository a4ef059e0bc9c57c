import { AppError, type InputIssue } from '../../../contract/errors.ts'
import { ImageName, ServerSpec } from '../../../contract/protocol/spec.ts'
import { type SpecParts, startOf, toSpec } from './to-spec.ts'

/** A frame to an agent holds 256 KiB; the rest is for what stands around the spec. */
const largestSpecBytes = 245_000

/** Why a node could not run this, in the words of `invalid_input`; empty when it could. */
export function specIssues(parts: SpecParts): InputIssue[] {
  const startup = startOf(parts)
  if (!startup.ok) {
    return startup.missing.map((name) => ({
      path: ['environment', name],
      message: 'The start command needs this variable, and nothing sets it.',
    }))
  }
  return sendingIssues(toSpec(parts))
}

/** @throws `invalid_input` when a node could not run this */
export function requireUsableSpec(parts: SpecParts): void {
  const issues = specIssues(parts)
  if (issues.length > 0) throw new AppError('invalid_input', issues)
}

/**
 * What may be sent to a node. A template can be changed so that it no longer fits a server that has it;
 * such a server cannot be started, but it has to be stopped or deleted as any other.
 */
export function sendableSpec(parts: SpecParts): ServerSpec {
  const spec = toSpec(parts)
  if (sendingIssues(spec).length === 0) return spec
  const image = ImageName.safeParse(spec.image).data ?? 'unusable'
  const harmless = { image, command: ['false'], environment: {}, configFiles: [], install: null }
  return { ...spec, ...harmless, name: parts.server.id }
}

function sendingIssues(spec: ServerSpec): InputIssue[] {
  const parsed = ServerSpec.safeParse(spec)
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message }))
  }
  const bytes = new TextEncoder().encode(JSON.stringify(spec)).length
  if (bytes <= largestSpecBytes) return []
  const message =
    'Variables, start command, configuration files and install script are too large together.'
  return [{ path: ['environment'], message }]
}
