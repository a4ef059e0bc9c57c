import { describe, expect, test } from 'vitest'
import {
  asInput,
  inForm,
  type NewServer,
  portFieldIn,
} from '../../web/src/pages/servers/create/new-server.ts'

const form: NewServer = {
  name: 'Trains',
  description: '',
  templateId: '01900000-0000-7000-8000-000000000001',
  nodeId: '',
  ownerId: '',
  allocatedMemoryMb: 512,
  allocatedCpuCores: 1,
  allocatedDiskMb: 1024,
  primaryPort: 25_565,
  locationId: '01900000-0000-7000-8000-000000000002',
  tags: 'ssd, eu',
  allocationLimit: 1,
  morePorts: [],
  image: '',
  startupName: '',
  environment: {},
}
const more = {
  key: 'a',
  protocol: 'udp',
  hostPort: '',
  containerPort: 27_015,
  variable: '',
} as const

describe('the form of a new server', () => {
  test('names its one port, and all of them once there are more', () => {
    const one = asInput(form)
    const two = asInput({ ...form, primaryPort: '', morePorts: [more] })

    expect(one).toMatchObject({ primaryPort: 25_565, tags: ['ssd', 'eu'] })
    expect(one).not.toHaveProperty('allocations')
    expect(two).toMatchObject({ allocations: [{}, { protocol: 'udp', containerPort: 27_015 }] })
    expect(two).not.toHaveProperty('primaryPort')
    expect(two).not.toHaveProperty('morePorts')
  })

  test('asks for no location and tags where the node is named', () => {
    const named = asInput({ ...form, nodeId: '01900000-0000-7000-8000-000000000003' })

    expect(named).not.toHaveProperty('locationId')
    expect(named).not.toHaveProperty('tags')
  })

  test('shows what is wrong with a port at its own field', () => {
    const wrong = {
      'allocations.0.hostPort': 'a',
      'allocations.2.variable': 'b',
      'tags.1': 'c',
      name: 'd',
    }

    expect(inForm(wrong)).toEqual({
      primaryPort: 'a',
      'morePorts.1.variable': 'b',
      tags: 'c',
      name: 'd',
    })
  })

  test('shows at the field that asked for it that a port is taken', () => {
    const fieldOf = portFieldIn({ ...form, morePorts: [more, { ...more, hostPort: 5000 }] })

    expect(fieldOf(5000)).toBe('morePorts.1.hostPort')
    expect(fieldOf(25_565)).toBe('primaryPort')
    expect(fieldOf(null)).toBe('primaryPort')
  })
})
