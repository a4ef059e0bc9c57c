import { nodes } from '../../contract/api/nodes.ts'
import type { PanelCall } from '../../local/api.ts'
import { until } from '../support/until.ts'
import type { BareMachine } from './machine.ts'
import type { Step } from './steps.ts'

const patience = 60_000
const service = 'catalyst-agent'

/** Makes a machine with systemd and nothing else a node of the panel, by the line that people paste. */
export async function joinAsNode(machine: BareMachine, call: PanelCall, step: Step): Promise<void> {
  const added = await call(nodes.create, { name: 'second', publicAddress: machine.address })
  const { command } = await call(nodes.makeJoinToken, { nodeId: added.id })
  const becomes = (status: string) => async () =>
    (await call(nodes.get, { nodeId: added.id })).status === status
  const online = () => until(becomes('online'), 'online', patience)
  const mainProcess = () => machine.run(`systemctl show --property MainPID --value ${service}`)

  await step(
    'a second machine, with systemd alone, becomes a node by the pasted line',
    async () => {
      await machine.run('apt-get -q update')
      await machine.run(`${command} --yes`)
      await online()
    },
  )
  await step('systemd finds nothing wrong with the service, and starts it at boot', () =>
    machine.run(
      `systemd-analyze verify ${service}.service && systemctl is-enabled ${service} && ` +
        `systemctl is-active ${service}`,
    ),
  )
  await step('an agent that is killed comes back by itself', async () => {
    const before = await mainProcess()
    await machine.run(`systemctl kill --signal KILL ${service}`)
    await until(async () => !['0\n', before].includes(await mainProcess()), 'another process')
    await online()
  })
}
