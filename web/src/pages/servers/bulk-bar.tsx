import { Button, Group, Menu, Modal, Stack, Text, Textarea } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { type BulkAction, bulk } from '../../../../contract/api/bulk.ts'
import { operations } from '../../../../contract/api/operations.ts'
import { servers } from '../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../contract/ids.ts'
import { useAction } from '../../api/queries.ts'
import { may } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { counted } from '../../ui/amounts.ts'
import { FormFailure } from '../../ui/form-failure.tsx'
import { toastDone } from '../../ui/toast.ts'
import { BulkOutcome, type Outcome } from './bulk-outcome.tsx'

interface BulkBarProps {
  readonly selected: ReadonlySet<ServerId>
  readonly onClear: () => void
}

const actions = [
  { action: 'start', label: 'Start', staff: false, warning: null },
  { action: 'stop', label: 'Stop', staff: false, warning: null },
  { action: 'restart', label: 'Restart', staff: false, warning: null },
  {
    action: 'kill',
    label: 'Kill',
    staff: false,
    warning: 'The processes end at once and save nothing.',
  },
  {
    action: 'suspend',
    label: 'Suspend',
    staff: true,
    warning: 'They are stopped, and their owners cannot use them until somebody lifts that.',
  },
  { action: 'unsuspend', label: 'Lift the suspension', staff: true, warning: null },
  {
    action: 'delete',
    label: 'Delete',
    staff: false,
    warning: 'The servers and all their files are lost for good.',
  },
] as const satisfies readonly {
  action: BulkAction
  label: string
  staff: boolean
  warning: string | null
}[]
type Choice = (typeof actions)[number]

/** What can be done to all the servers that were chosen in the list. */
export function BulkBar({ selected, onClear }: BulkBarProps) {
  const me = useMe()
  const [asked, ask] = useState<Choice | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const act = useAction(bulk.servers, {
    refreshes: [servers.list, servers.get, operations.list],
    onDone: (done) => {
      ask(null)
      onClear()
      setOutcome(done)
      const { success } = done.summary
      if (success === done.results.length) toastDone(`Done for ${counted(success, 'server')}`)
    },
  })
  const run = (action: BulkAction, reason: string | null) =>
    act.mutate({ serverIds: [...selected], action, reason })
  const offered = actions.filter(({ staff }) => !staff || may(me, 'server.suspend'))
  return (
    <>
      {selected.size === 0 ? null : (
        <Group gap="xs" role="group" aria-label="Selected servers">
          <Text size="sm" fw={600}>
            {counted(selected.size, 'server')} selected
          </Text>
          <Menu>
            <Menu.Target>
              <Button
                size="compact-sm"
                rightSection={<IconChevronDown size={14} />}
                loading={act.isPending}
              >
                Actions
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {offered.map((choice) => (
                <Menu.Item
                  key={choice.action}
                  onClick={() => (choice.warning === null ? run(choice.action, null) : ask(choice))}
                >
                  {choice.label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Button size="compact-sm" variant="default" onClick={onClear}>
            Clear selection
          </Button>
          {asked === null ? <FormFailure error={act.error} /> : null}
        </Group>
      )}
      {asked === null ? null : (
        <Confirm
          choice={asked}
          count={selected.size}
          busy={act.isPending}
          error={act.error}
          onConfirm={(reason) => run(asked.action, reason)}
          onClose={() => ask(null)}
        />
      )}
      <BulkOutcome outcome={outcome} onClose={() => setOutcome(null)} />
    </>
  )
}

interface ConfirmProps {
  readonly choice: Choice
  readonly count: number
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: (reason: string | null) => void
  readonly onClose: () => void
}

function Confirm({ choice, count, busy, error, onConfirm, onClose }: ConfirmProps) {
  const [reason, setReason] = useState('')
  return (
    <Modal opened onClose={onClose} title={`${choice.label} ${counted(count, 'server')}?`}>
      <Stack>
        <Text size="sm">{choice.warning}</Text>
        {choice.action === 'suspend' ? (
          <Textarea
            label="Reason"
            description="The owners see it."
            maxLength={500}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        <FormFailure error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red.9"
            loading={busy}
            onClick={() => onConfirm(reason.trim() === '' ? null : reason)}
          >
            {choice.label} {counted(count, 'server')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
