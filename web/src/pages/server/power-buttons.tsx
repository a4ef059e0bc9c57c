import { IconPlayerPlay, IconPlayerStop, IconRefresh, IconSkull } from '@tabler/icons-react'
import { operations } from '../../../../contract/api/operations.ts'
import { type Server, servers } from '../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../contract/ids.ts'
import { useAction } from '../../api/queries.ts'
import { mayOn, possible, rightFor } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { HoldButton } from '../../ui/hold-button.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { toastFailure } from '../../ui/toast.ts'

type Verb = 'start' | 'stop' | 'restart' | 'kill'

const verbs = [
  {
    verb: 'start',
    label: 'Start',
    icon: (
      <IconPlayerPlay
        size={16}
        color="light-dark(var(--mantine-color-green-9), var(--mantine-color-green-4))"
      />
    ),
    color: 'gray',
  },
  { verb: 'stop', label: 'Stop', icon: <IconPlayerStop size={16} />, color: 'gray' },
  { verb: 'restart', label: 'Restart', icon: <IconRefresh size={16} />, color: 'gray' },
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
        .map(({ verb, label, icon, color }) => (
          <ReasonButton
            key={verb}
            label={compact ? `${label} ${server.name}` : label}
            icon={icon}
            color={color}
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

function usePower(serverId: ServerId) {
  const refreshes = [servers.list, servers.get, operations.list, operations.listOfServer]
  const actions = {
    start: useAction(servers.start, { refreshes }),
    stop: useAction(servers.stop, { refreshes }),
    restart: useAction(servers.restart, { refreshes }),
    kill: useAction(servers.kill, { refreshes }),
  }
  return {
    pending: verbNames.find((verb) => actions[verb].isPending) ?? null,
    click: (verb: Verb) =>
      actions[verb].mutate(
        { serverId },
        { onError: (error) => toastFailure(`Could not ${verb}`, error) },
      ),
  }
}

const verbNames: readonly Verb[] = ['start', 'stop', 'restart', 'kill']
