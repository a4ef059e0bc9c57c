import { Modal, NativeSelect, SimpleGrid, TextInput, type TextInputProps } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { allocations, type PortOffer } from '../../../../../contract/api/allocations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { PortField } from '../../../ui/amount-fields.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { detailsOf, PortDetailFields } from './port-details.tsx'
import { protocolChoices } from './protocols.ts'

interface AddPortDialogProps {
  readonly server: ServerDetail
  /** Whether the caller may take ports that the node does not offer to owners. */
  readonly anyPort: boolean
  readonly onClose: () => void
}

const empty = {
  protocol: 'both',
  ip: '',
  hostPort: '' as number | string,
  containerPort: '' as number | string,
  alias: '',
  notes: '',
  variable: '',
}

export function AddPortDialog({ server, anyPort, onClose }: AddPortDialogProps) {
  const form = useForm({
    initialValues: empty,
    validate: (values) => problemsBy(allocations.create.body, bodyOf(values)),
  })
  const create = useAction(allocations.create, {
    refreshes: [allocations.list, servers.get, servers.list],
    onDone: ({ hostPort }) => {
      toastDone(`Port ${hostPort} is added`)
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(
      { serverId: server.id, ...allocations.create.body.parse(bodyOf(values)) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error, { port: () => 'hostPort' })) },
    ),
  )
  const offered = useQuery(queryOf(allocations.offers, { serverId: server.id }))
  const offers = offered.data ?? []
  const propsOf = (name: keyof typeof empty) => form.getInputProps(name)
  return (
    <Modal opened onClose={onClose} title={`Add a port to ${server.name}`}>
      <DialogForm
        errors={form.errors}
        attempt={create}
        action="Add the port"
        onSubmit={submit}
        onClose={onClose}
      >
        <NativeSelect label="Protocol" data={protocolChoices} {...propsOf('protocol')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <PortField
            label="Port of the node"
            description="Empty: a free one."
            {...propsOf('hostPort')}
          />
          <PortField
            label="Port in the container"
            description="Empty: the same."
            {...propsOf('containerPort')}
          />
        </SimpleGrid>
        {anyPort || offers.length > 1 ? (
          <AddressField offers={offers} anyPort={anyPort} {...propsOf('ip')} />
        ) : null}
        <PortDetailFields propsOf={propsOf} />
      </DialogForm>
    </Modal>
  )
}

interface AddressFieldProps extends TextInputProps {
  readonly offers: readonly PortOffer[]
  readonly anyPort: boolean
}

/** Ranges are told, single addresses can be chosen. */
function AddressField({ offers, anyPort, ...field }: AddressFieldProps) {
  const listId = useId()
  const told = offers.map(({ cidr, portFrom, portTo }) => `${cidr} (${portFrom} to ${portTo})`)
  const any = anyPort ? ' Others are yours to give, :: is every address of both families.' : ''
  return (
    <>
      <TextInput
        label="Address of the node"
        description={`Empty: any. Offered: ${told.join(', ')}.${any}`}
        autoComplete="off"
        list={listId}
        {...field}
      />
      <datalist id={listId}>
        {offers
          .filter(({ cidr }) => !cidr.includes('/'))
          .map(({ cidr, portFrom }) => (
            <option key={`${cidr} ${portFrom}`} value={cidr} />
          ))}
      </datalist>
    </>
  )
}

/** The fields as the endpoint takes them: an empty one leaves the choice to the panel. */
function bodyOf({ protocol, ip, hostPort, containerPort, ...details }: typeof empty) {
  return {
    protocol,
    ...(ip.trim() === '' ? {} : { ip: ip.trim() }),
    ...(hostPort === '' ? {} : { hostPort }),
    ...(containerPort === '' ? {} : { containerPort }),
    ...detailsOf(details),
  }
}
