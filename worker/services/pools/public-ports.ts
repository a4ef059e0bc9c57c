import type { IpPoolRow } from '../../db/schema/fleet.ts'
import { invalidField } from '../invalid.ts'

type Ports = Pick<IpPoolRow, 'portFrom' | 'portTo' | 'publicPortFrom'>

/** @throws `invalid_input` where the public ports would go on beyond the last port there is */
export function checkPublicPorts({ portFrom, portTo, publicPortFrom }: Ports): void {
  if (publicPortFrom === null || publicPortFrom + portTo - portFrom <= 65_535) return
  throw invalidField('publicPortFrom', 'Not so many ports follow this one.')
}
