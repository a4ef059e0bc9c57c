import { ActionIcon, Button, Group, Modal, TextInput, Tooltip } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconEdit, IconMapPin, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Location, locations } from '../../../../contract/api/nodes.ts'
import { queryOf, useAction } from '../../api/queries.ts'
import { may } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { counted } from '../../ui/amounts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { Empty } from '../../ui/empty.tsx'
import { fieldErrorsOf } from '../../ui/field-errors.ts'
import { problemsBy } from '../../ui/form-problems.ts'
import { PageFrame } from '../../ui/page.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { Shown } from '../../ui/shown.tsx'
import { toastFailure } from '../../ui/toast.ts'

export function Component() {
  const me = useMe()
  const list = useQuery(queryOf(locations.list, {}))
  const [edited, setEdited] = useState<Location | 'new' | null>(null)
  const columns: readonly Column<Location>[] = [
    { name: 'Location', cell: ({ name }) => name },
    { name: 'Description', cell: ({ description }) => description ?? '–' },
    { name: 'Nodes', cell: ({ nodeCount }) => nodeCount },
    {
      name: 'Change',
      cell: (location) => <Actions location={location} onEdit={() => setEdited(location)} />,
    },
  ]
  const add = may(me, 'location.create') ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      Add a location
    </Button>
  ) : null
  return (
    <PageFrame title="Locations" actions={add}>
      <Shown query={list}>
        {(places) =>
          places.length === 0 ? (
            <Empty
              icon={<IconMapPin />}
              title="No locations yet"
              text="A location says where nodes stand. The first node makes one when there is none."
            />
          ) : (
            <DataTable label="Locations" columns={columns} rows={places} keyOf={({ id }) => id} />
          )
        }
      </Shown>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? 'Add a location' : 'Change the location'}
      >
        {edited === null ? null : <LocationForm edited={edited} onClose={() => setEdited(null)} />}
      </Modal>
    </PageFrame>
  )
}

function Actions({ location, onEdit }: { location: Location; onEdit: () => void }) {
  const me = useMe()
  const remove = useAction(locations.delete, { refreshes: [locations.list] })
  const { nodeCount } = location
  return (
    <Group gap={4}>
      {may(me, 'location.update') ? (
        <Tooltip label={`Change ${location.name}`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Change ${location.name}`}
            onClick={onEdit}
          >
            <IconEdit size={16} />
          </ActionIcon>
        </Tooltip>
      ) : null}
      {may(me, 'location.delete') ? (
        <ReasonButton
          iconOnly
          label={`Delete ${location.name}`}
          icon={<IconTrash size={16} />}
          variant="subtle"
          color="red"
          loading={remove.isPending}
          possible={nodeCount === 0 || `It has ${counted(nodeCount, 'node')}.`}
          onPress={() =>
            remove.mutate(
              { locationId: location.id },
              { onError: (error) => toastFailure('Not deleted', error) },
            )
          }
        />
      ) : null}
    </Group>
  )
}

function LocationForm({ edited, onClose }: { edited: Location | 'new'; onClose: () => void }) {
  const options = { refreshes: [locations.list], onDone: onClose }
  const create = useAction(locations.create, options)
  const update = useAction(locations.update, options)
  const saved = edited === 'new' ? null : edited
  const form = useForm({
    initialValues: { name: saved?.name ?? '', description: saved?.description ?? '' },
    validate: (values) => problemsBy(locations.create.body, values),
  })
  const refuse = { onError: (error: unknown) => form.setErrors(fieldErrorsOf(error)) }
  const submit = form.onSubmit(({ name, description }) => {
    const body = { name, description: description === '' ? null : description }
    if (saved === null) create.mutate(body, refuse)
    else update.mutate({ locationId: saved.id, ...body }, refuse)
  })
  return (
    <DialogForm
      errors={form.errors}
      attempt={saved === null ? create : update}
      action="Save"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <TextInput label="Description" {...form.getInputProps('description')} />
    </DialogForm>
  )
}
