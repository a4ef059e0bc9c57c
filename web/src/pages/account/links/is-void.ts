import { ApiError } from '../../../api/client.ts'

/** Whether a link was refused because it opens nothing, now or ever. */
export function isVoid(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'link_invalid'
}
