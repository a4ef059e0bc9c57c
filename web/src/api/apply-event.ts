import type { QueryClient } from '@tanstack/react-query'
import { nodes } from '../../../contract/api/nodes.ts'
import { isOpen, type Operation, operations } from '../../../contract/api/operations.ts'
import { type Server, servers } from '../../../contract/api/servers.ts'
import type { Endpoint, Page } from '../../../contract/endpoint.ts'
import type { PanelEvent } from '../../../contract/events.ts'
import { queryOf, refresh } from './queries.ts'

/**
 * Brings what the panel shows up to date with an event. What is shown already is replaced where it stands;
 * lists that something may have entered or left are named, to be asked for again.
 */
export function applyEvent(client: QueryClient, event: PanelEvent): readonly Endpoint[] {
  switch (event.type) {
    case 'operation':
      return applyOperation(client, event.operation)
    case 'server':
      return applyServer(client, event.server)
    case 'server_gone':
      return [servers.list, servers.get, operations.list]
    case 'node':
      return [nodes.list, nodes.get, servers.list, servers.get]
    case 'reset':
      void client.invalidateQueries()
      return []
  }
}

/** Collects lists that have to be asked for again, and asks for each at most every 300 ms. */
export function laterRefresh(client: QueryClient): (endpoints: readonly Endpoint[]) => void {
  const due = new Set<Endpoint>()
  let isWaiting = false
  return (endpoints) => {
    for (const endpoint of endpoints) due.add(endpoint)
    if (due.size === 0 || isWaiting) return
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      const now = [...due]
      due.clear()
      void refresh(client, ...now)
    }, 300)
  }
}

function applyOperation(client: QueryClient, operation: Operation): readonly Endpoint[] {
  const detail = queryOf(operations.get, { operationId: operation.id }).queryKey
  client.setQueryData(detail, (old) => old && { ...old, ...operation })
  // A list of what is open, or finished, holds or loses it by its state.
  const sameList = (old: Operation) => isOpen(old.state) === isOpen(operation.state)
  const lists = [operations.list, operations.listOfServer] as const
  return lists.filter((list) => !replaceIn(client, list, operation, sameList))
}

function applyServer(client: QueryClient, server: Server): readonly Endpoint[] {
  const detail = queryOf(servers.get, { serverId: server.id }).queryKey
  client.setQueryData(detail, (old) => old && { ...old, ...server })
  return replaceIn(client, servers.list, server, () => true) ? [] : [servers.list]
}

/** @returns whether each page that is shown had it, so that nothing has to be asked for */
function replaceIn<Item extends { readonly id: string }>(
  client: QueryClient,
  list: Endpoint,
  item: Item,
  belongs: (old: Item) => boolean,
): boolean {
  let hadAll = true
  client.setQueriesData<Page<Item>>({ queryKey: [list.path] }, (page) => {
    const replaced = page && withItem(page, item, belongs)
    hadAll &&= replaced !== undefined
    return replaced ?? page
  })
  return hadAll
}

/** The page with the item's newest state in its place; undefined when the page itself has to change. */
export function withItem<Item extends { readonly id: string }>(
  page: Page<Item>,
  item: Item,
  belongs: (old: Item) => boolean,
): Page<Item> | undefined {
  const at = page.items.findIndex(({ id }) => id === item.id)
  const old = page.items[at]
  if (old === undefined || !belongs(old)) return undefined
  return { ...page, items: page.items.with(at, item) }
}
