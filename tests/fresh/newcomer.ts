import { auth } from '../../contract/api/accounts.ts'
import { operations } from '../../contract/api/operations.ts'
import { panel } from '../../contract/api/panel.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { OperationId } from '../../contract/ids.ts'
import { type PanelCall, panelCaller } from '../../local/api.ts'
import { until } from '../support/until.ts'
import type { BareMachine, Foreground } from './machine.ts'
import type { Step } from './steps.ts'

const admin = { email: 'admin@example.com', password: 'a long enough password' }
const patience = 60_000
/** Milliseconds that every start but the first may take. */
const laterStart = 5_000

/** Where the repository is cloned to. */
export const clone = '/root/catalyst'

export interface RunningPanel {
  readonly front: Foreground
  /** Calls the API as the administrator, at the address where other machines find it. */
  readonly call: PanelCall
}

/**
 * From nothing to a game that runs, and over a restart of the panel. It runs afterwards, open to other machines.
 */
export async function beNewcomer(machine: BareMachine, step: Step): Promise<RunningPanel> {
  await step('git, Node and npm come from Debian’s packages', () =>
    machine.run(
      'export DEBIAN_FRONTEND=noninteractive; apt-get -q update && ' +
        'apt-get -q install -y --no-install-recommends git nodejs npm && node --version',
    ),
  )
  await step('the last commit is cloned', () =>
    machine.run(`git config --global safe.directory '*' && git clone -q /source ${clone}`),
  )
  const first = await step('npm start -- --demo --yes gets Docker and is ready', () =>
    start(machine, '--demo --yes'),
  )
  const call = await step('the administrator signs in', () => signIn(machine, first.url))
  await step('/api/health says that all is well', async () => {
    const { database } = await call(panel.health, {})
    if (database !== 'ok') throw new Error(`the database is ${database}`)
  })
  const serverId = await step('the demo server is created, installed and started', () =>
    runDemo(call),
  )
  await step('Ctrl+C ends the panel, and the game goes on', async () => {
    await first.front.interrupt()
    await machine.run('grep -lx openttd /proc/[0-9]*/comm && ! grep -lx workerd /proc/[0-9]*/comm')
  })
  const second = await step(`npm start is ready again within ${laterStart / 1000} s`, async () => {
    const began = performance.now()
    const again = await start(machine, '--host 0.0.0.0')
    const took = Math.round(performance.now() - began)
    if (took > laterStart) throw new Error(`it took ${took} ms`)
    return again
  })
  const again = await signIn(machine, new URL(`http://${machine.address}:${second.url.port}`))
  await step('the game server is found again', () =>
    until(
      async () => (await again(servers.get, { serverId })).status === 'running',
      'running',
      patience,
    ),
  )
  return { front: second.front, call: again }
}

async function start(machine: BareMachine, options: string) {
  const front = machine.start(
    `cd ${clone}; export CATALYST_ADMIN_EMAIL=${admin.email}; ` +
      `export CATALYST_ADMIN_PASSWORD="${admin.password}"; exec npm start -- ${options}`,
  )
  const [, url = ''] = await front.says(/^ready (\S+)$/m)
  return { front, url: new URL(url) }
}

async function signIn(machine: BareMachine, url: URL): Promise<PanelCall> {
  const { token } = await panelCaller(url, '', machine.fetch)(auth.login, admin)
  return panelCaller(url, token, machine.fetch)
}

async function runDemo(call: PanelCall) {
  const [template] = await call(templates.list, {})
  if (template === undefined) throw new Error('there is no template')
  const created = await call(servers.create, {
    name: 'Trains',
    templateId: template.id,
    allocatedMemoryMb: 256,
    allocatedCpuCores: 1,
    allocatedDiskMb: 512,
  })
  await succeeds(call, created.operationId)
  await succeeds(call, (await call(servers.start, { serverId: created.id })).operationId)
  return created.id
}

async function succeeds(call: PanelCall, operationId: OperationId): Promise<void> {
  const ended = async () => {
    const operation = await call(operations.get, { operationId })
    return operation.endedAt === null ? null : operation
  }
  const { state, message } = await until(ended, 'the end of the work', patience)
  if (state !== 'succeeded') throw new Error(message ?? state)
}
