import { IconPlayerPlay, IconPlayerStop, IconRefresh, IconSkull } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { operations } from '../../../../contract/api/operations.ts'
import { type Server, servers } from '../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../contract/ids.ts'
import { call } from '../../api/client.ts'
import { refresh } from '../../api/queries.ts'
import { mayOn, possible, rightFor } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { HoldButton } from '../../ui/hold-button.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { toastFailure } from '../../ui/toast.ts'
import classes from './power-buttons.module.css'

type Verb = 'start' | 'stop' | 'restart' | 'kill'

const verbs = [
  { verb: 'start', label: 'Start', Icon: IconPlayerPlay },
  { verb: 'stop', label: 'Stop', Icon: IconPlayerStop },
  { verb: 'restart', label: 'Restart', Icon: IconRefresh },
] as const satisfies readonly { verb: Verb; [more: string]: unknown }[]

/** Start, stop and restart; with room also kill, which has to be held. */
export function PowerButtons({ server, compact = false }: { server: Server; compact?: boolean }) {
  const me = useMe()
  const power = usePower(server.id)
  const allowed = (verb: Verb) => mayOn(me, server, rightFor(verb))
  return (
    <>
      {verbs
        .filter(({ verb }) => allowed(verb))
        .map(({ verb, label, Icon }) => (
          <ReasonButton
            key={verb}
            label={compact ? `${label} ${server.name}` : label}
            icon={<Icon size={16} className={verb === 'start' ? classes.go : undefined} />}
            variant="default"
            size={compact ? 'lg' : 'sm'}
            iconOnly={compact}
            possible={possible(server, verb)}
            loading={power.pending === verb}
            onPress={() => power.click(verb)}
          />
        ))}
      {compact || !allowed('kill') ? null : (
        <HoldButton
          label="Kill"
          icon={<IconSkull size={16} />}
          color="red"
          variant="light"
          size="sm"
          consequence="The process ends at once and saves nothing."
          possible={possible(server, 'kill')}
          onHeld={() => power.click('kill')}
        />
      )}
    </>
  )
}

const endpoints = {
  start: servers.start,
  stop: servers.stop,
  restart: servers.restart,
  kill: servers.kill,
} as const satisfies Record<Verb, unknown>

function usePower(serverId: ServerId) {
  const client = useQueryClient()
  const power = useMutation({
    mutationFn: (verb: Verb) => call(endpoints[verb], { serverId }),
    onSuccess: () =>
      refresh(client, servers.list, servers.get, operations.list, operations.listOfServer),
    onError: (error, verb) => toastFailure(`Could not ${verb}`, error),
  })
  return { pending: power.isPending ? power.variables : null, click: power.mutate }
}
