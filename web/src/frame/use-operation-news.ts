import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { isOpen, type Operation, operations } from '../../../contract/api/operations.ts'
import { servers } from '../../../contract/api/servers.ts'
import { call } from '../api/client.ts'
import { refresh, useOpenOperations } from '../api/queries.ts'
import { toast } from '../ui/toast.ts'
import { operationTitle } from './operation-title.ts'

/**
 * Watches operations end: what they changed is asked for again, and a failure is told wherever the
 * reader is by then.
 */
export function useOperationNews(): void {
  const client = useQueryClient()
  const open = useOpenOperations().data?.items
  const before = useRef<readonly Operation[]>([])
  useEffect(() => {
    if (open === undefined) return
    const still = new Set(open.map((operation) => operation.id))
    const ended = before.current.filter((operation) => !still.has(operation.id))
    before.current = open
    if (ended.length === 0) return
    void refresh(client, servers.list, servers.get, operations.list, operations.listOfServer)
    for (const { id } of ended.slice(0, 5)) void tellFailure(id)
  }, [open, client])
}

async function tellFailure(operationId: Operation['id']): Promise<void> {
  // News only: when it cannot be read, the drawer still tells.
  const operation = await call(operations.get, { operationId }).catch(() => null)
  if (operation === null || isOpen(operation.state)) return
  if (operation.state !== 'failed' && operation.state !== 'indeterminate') return
  toast({
    color: 'red',
    title: `${operationTitle(operation)}: ${operation.state === 'failed' ? 'failed' : 'outcome unknown'}`,
    message: operation.message ?? 'See the operations for its log.',
    autoClose: 10_000,
  })
}
