import {
  type Permission,
  type Preset,
  presetPermissions,
  presets,
  subUserPermissions,
} from '../permissions.ts'

/** What a sub-user may be asked to have: permissions by name, or a preset. */
export interface AskedRights {
  readonly permissions?: readonly Permission[] | undefined
  readonly preset?: Preset | undefined
}

/** What they then have: in the order of the table, and always enough to see the server at all. */
export function subUserRights({ permissions = [], preset }: AskedRights): readonly Permission[] {
  const asked = preset === undefined ? permissions : presetPermissions(preset)
  return subUserPermissions.filter((name) => name === 'server.read' || asked.includes(name))
}

/** The preset that holds exactly these; null when none does. */
export function presetOf(held: readonly Permission[]): Preset | null {
  return presets.find((preset) => isSame(presetPermissions(preset), held)) ?? null
}

/** What is in one of the two and not in the other. */
export function changedRights(
  before: readonly Permission[],
  after: readonly Permission[],
): readonly Permission[] {
  return [
    ...before.filter((name) => !after.includes(name)),
    ...after.filter((name) => !before.includes(name)),
  ]
}

function isSame(one: readonly Permission[], other: readonly Permission[]): boolean {
  return changedRights(one, other).length === 0
}

/**
 * What an invitation gives now, from what it offers and what its inviter holds at this moment: never more
 * than both. Null: the inviter may not invite any more, and it gives nothing.
 */
export function rightsByInvite(
  offered: readonly Permission[],
  inviter: readonly Permission[],
): readonly Permission[] | null {
  const given = offered.filter((name) => inviter.includes(name))
  return inviter.includes('subuser.create') && given.includes('server.read') ? given : null
}
