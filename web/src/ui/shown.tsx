import type { ReactNode } from 'react'
import { Failure } from './failure.tsx'
import { Loading } from './loading.tsx'

interface Asked<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly refetch: () => unknown
}

interface ShownProps<T> {
  readonly query: Asked<T>
  readonly loading?: ReactNode
  readonly children: (data: T) => ReactNode
}

/**
 * What a query has: a skeleton until it has something, then that. A failure stands alone when there is
 * nothing to show, and above the last known state otherwise.
 */
export function Shown<T>({ query, loading, children }: ShownProps<T>) {
  const failure =
    query.error === null ? null : <Failure error={query.error} onRetry={() => query.refetch()} />
  if (query.data === undefined) return failure ?? loading ?? <Loading />
  return (
    <>
      {failure}
      {children(query.data)}
    </>
  )
}
