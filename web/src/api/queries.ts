import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { auth } from '../../../contract/api/accounts.ts'
import { operations } from '../../../contract/api/operations.ts'
import type { CallInput, Endpoint, Output } from '../../../contract/endpoint.ts'
import { call, callPage } from './client.ts'
import { paceOf } from './pace.ts'

/** A query of one GET endpoint; its key is the endpoint's path and the input. */
export function queryOf<E extends Endpoint>(endpoint: E, input: CallInput<E>) {
  return queryOptions({
    queryKey: [endpoint.path, input],
    queryFn: ({ signal }) => call(endpoint, input, signal),
  })
}

/** As `queryOf`, for one page of a list; the page before stays visible while the next one loads. */
export function pageQueryOf<E extends Endpoint>(endpoint: E, input: CallInput<E>) {
  return queryOptions({
    queryKey: [endpoint.path, input],
    queryFn: ({ signal }) => callPage(endpoint, input, signal),
    placeholderData: keepPreviousData,
  })
}

/** Asks again for everything shown of these endpoints, whatever the input was. */
export function refresh(client: QueryClient, ...endpoints: readonly Endpoint[]): Promise<unknown> {
  return Promise.all(
    endpoints.map((endpoint) => client.invalidateQueries({ queryKey: [endpoint.path] })),
  )
}

interface ActionOptions<E extends Endpoint> {
  /** Lists and things that the action changes. */
  readonly refreshes: readonly Endpoint[]
  readonly onDone?: (output: Output<E>, input: CallInput<E>) => unknown
}

/** A call that changes something. Failures are the caller's to show: inline in forms, else as a toast. */
export function useAction<E extends Endpoint>(endpoint: E, options: ActionOptions<E>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: CallInput<E>) => call(endpoint, input),
    onSuccess: async (output, input) => {
      void refresh(client, ...options.refreshes)
      await options.onDone?.(output, input)
    },
  })
}

/** The account that is signed in, with its rights. */
export const meQuery = queryOptions({ ...queryOf(auth.me, {}), staleTime: 60_000, retry: false })

/** Operations still under way, asked for often while there are any. */
export function useOpenOperations() {
  return useQuery({
    ...pageQueryOf(operations.list, { state: 'open', limit: 100 }),
    refetchInterval: (query) =>
      paceOf((query.state.data?.pagination.total ?? 0) > 0 ? 'working' : 'calm'),
  })
}
