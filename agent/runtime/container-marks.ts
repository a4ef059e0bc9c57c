import * as z from 'zod'
import { ServerId } from '../../contract/ids.ts'
import type { ContainerMarks } from './runtime.ts'

/** Whose container it is: an agent sees and touches its own, whatever else the engine runs. */
export const ownerLabel = 'io.catalyst.owner'
export const serverLabel = 'io.catalyst.server'
const roleLabel = 'io.catalyst.role'
const startLabel = 'io.catalyst.start'
const incarnationLabel = 'io.catalyst.incarnation'
const generationLabel = 'io.catalyst.generation'
const commandLabel = 'io.catalyst.command'

export type Labels = Readonly<Record<string, string>>

/** The labels that say what a container is for. */
export function labelsOf(owner: string, marks: ContainerMarks): Record<string, string> {
  return {
    [ownerLabel]: owner,
    [serverLabel]: marks.serverId,
    [roleLabel]: marks.role,
    [startLabel]: String(marks.startNo),
    [incarnationLabel]: String(marks.incarnation),
    [generationLabel]: String(marks.generation),
    [commandLabel]: marks.commandId ?? '',
  }
}

const Number0 = z.coerce.number().int().min(0)
const Marked = z.object({
  [serverLabel]: ServerId,
  [roleLabel]: z.enum(['server', 'install']),
  [startLabel]: Number0,
  [incarnationLabel]: Number0,
  [generationLabel]: Number0,
  [commandLabel]: z.string(),
})

/** Reads the marks back; null when the labels are not ours, or were made by hand. */
export function marksFrom(labels: Labels): ContainerMarks | null {
  const parsed = Marked.safeParse(labels)
  if (!parsed.success) return null
  const found = parsed.data
  return {
    serverId: found[serverLabel],
    role: found[roleLabel],
    startNo: found[startLabel],
    incarnation: found[incarnationLabel],
    generation: found[generationLabel],
    commandId: found[commandLabel] || null,
  }
}

/** The engine's name for a server's container; ids are unique, so no two servers clash. */
export function containerName(serverId: ServerId, role: ContainerMarks['role']): string {
  return role === 'install' ? `catalyst-install-${serverId}` : `catalyst-${serverId}`
}
