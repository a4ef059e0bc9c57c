import { Machine } from '../machine/machine.ts'
import type { Faults } from './fault.ts'

export const twinFaults: Faults = {
  /** Another machine comes with this node's key, while the node's own agent is connected. */
  twin: (world, random) => {
    const { timeline, record, object, rows } = world
    const card = {
      machineId: 'machine-2',
      bootNo: 1,
      connNo: world.machine.disk.card.connNo + random.between(0, 2_000),
      key: world.machine.disk.card.key,
    }
    const twin = new Machine('twin', card, { timeline, random, record, object })
    // A machine that comes when the node's own is gone takes it over, which is meant to be so.
    twin.mayConnect = () => rows.link?.onlineSince != null && rows.isHolderThere()
    twin.start()
    const end = () => twin.kill(true)
    timeline.after(random.between(1_000, 30_000), end)
    world.heals.push(end)
  },
}
