import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { operations } from '../../../../../contract/api/operations.ts'
import { servers } from '../../../../../contract/api/servers.ts'
import { OperationId, type ServerId } from '../../../../../contract/ids.ts'
import { call } from '../../../api/client.ts'
import { refresh } from '../../../api/queries.ts'

/** A line on its way from the command line to the server's console. */
export interface SentCommand {
  /** Counts up within this page. */
  readonly no: number
  readonly line: string
  readonly fate:
    | { readonly kind: 'sending' }
    | { readonly kind: 'accepted'; readonly operationId: OperationId }
    | { readonly kind: 'refused'; readonly error: unknown }
}

const shownAtMost = 4

/** Sends lines one after the other, so that they arrive in order, and keeps what became of the newest. */
export function useCommands(serverId: ServerId) {
  const client = useQueryClient()
  const [sent, setSent] = useState<readonly SentCommand[]>([])
  const count = useRef(0)
  const settle = (no: number, fate: SentCommand['fate']) =>
    setSent((before) => before.map((one) => (one.no === no ? { ...one, fate } : one)))
  const send = useMutation({
    scope: { id: `console-${serverId}` },
    mutationFn: ({ line }: { no: number; line: string }) =>
      call(servers.command, { serverId, command: line }),
    onSuccess: ({ operationId }, { no }) => {
      settle(no, { kind: 'accepted', operationId: OperationId.parse(operationId) })
      void refresh(client, operations.list, operations.listOfServer)
    },
    onError: (error, { no }) => settle(no, { kind: 'refused', error }),
  })
  return {
    sent,
    clear: () => setSent([]),
    send: (line: string) => {
      count.current += 1
      const no = count.current
      setSent((before) =>
        [...before, { no, line, fate: { kind: 'sending' } as const }].slice(-shownAtMost),
      )
      send.mutate({ no, line })
    },
  }
}
