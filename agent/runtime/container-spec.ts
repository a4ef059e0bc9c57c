import type { PortBinding } from '../../contract/protocol/spec.ts'
import type { NodePolicy } from '../policy.ts'
import { type LimitRequest, limitRequest } from './container-limits.ts'
import { containerName, labelsOf } from './container-marks.ts'
import { networkName } from './network.ts'
import type { ContainerOrder } from './runtime.ts'
import { scriptPath } from './script-archive.ts'

/** The engine's create request: only the fields that we set, so that nothing else can be set. */
export interface ContainerRequest {
  readonly name: string
  readonly Image: string
  readonly Hostname: string
  readonly User: string
  readonly Env: string[]
  readonly Labels: Record<string, string>
  readonly WorkingDir: string
  readonly Entrypoint?: string[]
  readonly Cmd?: string[]
  readonly Tty: false
  readonly OpenStdin: boolean
  readonly AttachStdin: boolean
  readonly StdinOnce: false
  readonly StopSignal?: string
  readonly StopTimeout: number
  readonly ExposedPorts: Record<string, Record<string, never>>
  readonly HostConfig: HostRequest
}

export interface HostRequest extends LimitRequest {
  readonly CapDrop: string[]
  readonly CapAdd: string[]
  readonly SecurityOpt: string[]
  readonly Privileged: false
  readonly ReadonlyRootfs: boolean
  readonly IpcMode: 'private'
  readonly NetworkMode: string
  readonly Dns: string[]
  readonly PortBindings: Record<string, { HostIp: string; HostPort: string }[]>
  readonly Mounts: { Type: 'bind'; Source: string; Target: string; ReadOnly: false }[]
  readonly Tmpfs: Record<string, string>
  readonly Ulimits: { Name: string; Soft: number; Hard: number }[]
  readonly OomScoreAdj: number
  readonly Init: true
  readonly LogConfig: { Type: 'local'; Config: Record<string, string> }
  readonly RestartPolicy: { Name: 'no' }
}

/**
 * What an installation may do beyond a server: give files to another user and go on as that user.
 * Never more, because its script comes from a template.
 */
const installCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID']

/**
 * Blocking, so that no line is lost between process and log [D7]; capped, so that a talkative
 * server cannot fill the disk. Not compressed: at 20 MB it would only cost time.
 */
const logConfig = { mode: 'blocking', 'max-size': '10m', 'max-file': '2', compress: 'false' }

/** Turns an order into the engine's create request. Pure; the policy has been asked before. */
export function containerRequest(
  { marks, spec, dataDir, uid }: ContainerOrder,
  policy: NodePolicy,
  owner: string,
): ContainerRequest {
  const isInstall = marks.role === 'install'
  const ports = isInstall ? [] : spec.ports
  return {
    name: containerName(marks.serverId, marks.role),
    ...(isInstall ? installation(spec.install) : process(spec)),
    Hostname: marks.serverId,
    User: isInstall ? '0:0' : `${uid}:${uid}`,
    Env: environment(spec.environment, isInstall),
    Labels: labelsOf(owner, marks),
    Tty: false,
    OpenStdin: !isInstall,
    AttachStdin: !isInstall,
    StdinOnce: false,
    ...(spec.stop.signal === 'STOPSIGNAL' ? {} : { StopSignal: spec.stop.signal }),
    StopTimeout: spec.stop.graceSeconds,
    ExposedPorts: Object.fromEntries(ports.map((port) => [portKey(port), {}])),
    HostConfig: {
      CapDrop: ['ALL'],
      CapAdd: isInstall ? installCapabilities : [],
      // The engine adds its default seccomp and AppArmor profiles when none is named.
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
      ReadonlyRootfs: !isInstall && spec.readOnlyRoot,
      IpcMode: 'private',
      NetworkMode: networkName(marks.serverId),
      Dns: policy.network.dns,
      PortBindings: portBindings(ports),
      Mounts: mounts(dataDir, isInstall),
      Tmpfs: { '/tmp': tmpOptions(isInstall ? 0 : uid, policy.tmpMb) },
      ...limitRequest(spec.limits, policy, isInstall ? policy.installMemoryMb : 0),
      Ulimits: [
        { Name: 'nofile', Soft: policy.openFiles, Hard: policy.openFiles },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      // When the node runs out of memory a game goes before the agent or the engine.
      OomScoreAdj: 300,
      Init: true,
      LogConfig: { Type: 'local', Config: logConfig },
      RestartPolicy: { Name: 'no' },
    },
  }
}

/**
 * Games unpack native libraries there, hence exec. It has an owner because runc before 1.2 gives it
 * the mode that the folder has in the image, whatever is asked for.
 */
function tmpOptions(uid: number, sizeMb: number): string {
  return `rw,exec,nosuid,nodev,mode=1777,uid=${uid},gid=${uid},size=${sizeMb}m`
}

/** As with `docker run`: a command replaces the image's own, and the image's entrypoint stays. */
function process({ image, command }: ContainerOrder['spec']) {
  const request = { Image: image, WorkingDir: '/data' }
  return command === null ? request : { ...request, Cmd: [...command] }
}

function installation(install: ContainerOrder['spec']['install']) {
  if (install === null) throw new Error('an installation was ordered, but the spec names none')
  const entrypoint = install.entrypoint.split(/\s+/).filter((word) => word !== '')
  return {
    Image: install.image,
    WorkingDir: '/mnt/server',
    Entrypoint: entrypoint,
    Cmd: [scriptPath],
  }
}

/**
 * A server's user id has no entry in the image's passwd file: programs would take / for their home.
 */
function environment(wanted: Readonly<Record<string, string>>, isInstall: boolean): string[] {
  const home = isInstall ? {} : { HOME: '/data' }
  return Object.entries({ ...home, ...wanted }).map(([name, value]) => `${name}=${value}`)
}

/** One folder under several names: ours, and the ones that images made for other panels expect. */
function mounts(source: string, isInstall: boolean): HostRequest['Mounts'] {
  const targets = isInstall ? ['/data', '/mnt/server'] : ['/data', '/home/container']
  return targets.map((Target) => ({ Type: 'bind', Source: source, Target, ReadOnly: false }))
}

function portBindings(ports: readonly PortBinding[]): HostRequest['PortBindings'] {
  const bindings: HostRequest['PortBindings'] = {}
  for (const port of ports) {
    const key = portKey(port)
    bindings[key] = [...(bindings[key] ?? []), { HostIp: port.ip, HostPort: String(port.hostPort) }]
  }
  return bindings
}

function portKey({ containerPort, protocol }: PortBinding): string {
  return `${containerPort}/${protocol}`
}
