import { theCaller } from './the-caller.ts'
import type { World } from './world.ts'
import { addKey } from './world-keys.ts'

/** As `validInputs`, for API keys: one's own, and those of an account that has no right but its own. */
export function apiKeyInputs(w: World) {
  const own = async () => {
    const { id } = await addKey(w, (await theCaller(w)).id, ['server.read'])
    return { apiKeyId: id }
  }
  const others = async () => {
    const { id } = await addKey(w, (await w.rows.user()).id, ['server.read'])
    return { apiKeyId: id }
  }
  return {
    'apiKeys.list': async () => ({}),
    'apiKeys.create': async () => ({ name: 'A key', permissions: ['server.read'] }),
    'apiKeys.update': async () => ({ ...(await own()), name: 'Other' }),
    'apiKeys.delete': own,
    'allApiKeys.list': async () => ({}),
    'allApiKeys.revoke': others,
  } satisfies Record<string, () => Promise<Record<string, unknown>>>
}
