import type Dockerode from 'dockerode'
import type { PortBinding } from '../../contract/protocol/spec.ts'
import { marksFrom } from './container-marks.ts'
import type { ContainerExit, ContainerView } from './runtime.ts'

/** What the engine says instead of a time that never was. */
const never = '0001-01-01T00:00:00Z'

/** Turns an inspection into our view; null when the container is not one of ours. */
export function viewOf(inspected: Dockerode.ContainerInspectInfo): ContainerView | null {
  const marks = marksFrom(inspected.Config.Labels ?? {})
  if (marks === null) return null
  const state = stateOf(inspected.State.Status)
  return {
    id: inspected.Id,
    marks,
    state,
    startedAt: timeOf(inspected.State.StartedAt),
    exit: state === 'exited' ? exitOf(inspected.State) : null,
    ports: portsOf(inspected.NetworkSettings.Ports),
  }
}

function stateOf(status: string): ContainerView['state'] {
  switch (status) {
    case 'created':
      return 'created'
    // A dead one is half removed; nothing runs in it any more.
    case 'exited':
    case 'dead':
    case 'removing':
      return 'exited'
    default:
      return 'running'
  }
}

function exitOf(state: Dockerode.ContainerInspectInfo['State']): ContainerExit {
  return {
    code: state.ExitCode,
    oom: state.OOMKilled,
    at: timeOf(state.FinishedAt) ?? new Date(0).toISOString(),
  }
}

function timeOf(engineTime: string): string | null {
  return engineTime === never ? null : new Date(engineTime).toISOString()
}

type EnginePorts = Readonly<
  Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
>

/** Bindings that the engine has in fact made; none while the container does not run. */
function portsOf(ports: EnginePorts | undefined): PortBinding[] {
  return Object.entries(ports ?? {}).flatMap(([key, bindings]) => {
    const [containerPort = '', protocol] = key.split('/')
    if (protocol !== 'tcp' && protocol !== 'udp') return []
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      ip: HostIp,
      hostPort: Number(HostPort),
      containerPort: Number(containerPort),
      protocol,
    }))
  })
}
