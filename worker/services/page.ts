import type { Page } from '../../contract/endpoint.ts'

/** What every paged list is asked with. */
export interface PageQuery {
  readonly page: number
  readonly limit: number
}

/** How many rows a page skips. */
export function offsetOf({ page, limit }: PageQuery): number {
  return (page - 1) * limit
}

export function toPage<T>(items: readonly T[], total: number, { page, limit }: PageQuery): Page<T> {
  return { items, pagination: { page, limit, total, totalPages: Math.ceil(total / limit) } }
}
