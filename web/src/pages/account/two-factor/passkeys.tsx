import { Button, Group, Text } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import type { Passkey } from '../../../../../contract/api/two-factor.ts'
import { passkeysPossible } from '../../../api/passkeys.ts'
import { Age } from '../../../ui/age.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { AddPasskey } from './add-passkey.tsx'
import { type Factors, removable } from './factors.ts'
import { RemovePasskey } from './remove-factor.tsx'
import { RenamePasskey } from './rename-passkey.tsx'

interface PasskeysProps {
  readonly factors: Factors
  readonly onSettled: () => void
}

type Doing =
  | { readonly what: 'add' }
  | { readonly what: 'rename' | 'remove'; readonly passkey: Passkey }

export function Passkeys({ factors, onSettled }: PasskeysProps) {
  const [doing, begin] = useState<Doing | null>(null)
  const close = () => begin(null)
  const settled = () => {
    close()
    onSettled()
  }
  const possible = passkeysPossible()
  return (
    <Section
      title="Passkeys"
      about="Sign in with your device or a security key, without password and code."
    >
      {factors.passkeys.length === 0 ? (
        <Text size="sm">None yet.</Text>
      ) : (
        <DataTable
          label="Passkeys"
          columns={columnsOf(removable(factors), begin)}
          rows={factors.passkeys}
          keyOf={({ id }) => id}
        />
      )}
      {possible === true ? null : (
        <Text size="sm" c="dimmed">
          {possible}
        </Text>
      )}
      <div>
        <ReasonButton
          label="Add a passkey"
          size="compact-sm"
          icon={<IconFingerprint size={16} aria-hidden />}
          possible={possible}
          onPress={() => begin({ what: 'add' })}
        />
      </div>
      {doing?.what === 'add' ? (
        <AddPasskey factors={factors} onCancel={close} onDone={settled} />
      ) : null}
      {doing?.what === 'rename' ? <RenamePasskey passkey={doing.passkey} onClose={close} /> : null}
      {doing?.what === 'remove' ? (
        <RemovePasskey
          passkey={doing.passkey}
          factors={factors}
          onClose={close}
          onDone={onSettled}
        />
      ) : null}
    </Section>
  )
}

const columnsOf = (
  canRemove: true | string,
  begin: (doing: Doing) => void,
): readonly Column<Passkey>[] => [
  {
    name: 'Name',
    cell: ({ name }) => (
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
    ),
  },
  { name: 'Added', cell: ({ createdAt }) => <Age at={createdAt} /> },
  {
    name: 'Last used',
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Age at={lastUsedAt} />),
  },
  {
    name: 'Change',
    cell: (passkey) => (
      <Group gap={4} wrap="nowrap">
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`Rename ${passkey.name}`}
          onClick={() => begin({ what: 'rename', passkey })}
        >
          Rename
        </Button>
        <ReasonButton
          label="Remove"
          size="compact-xs"
          variant="subtle"
          color="red"
          possible={canRemove}
          onPress={() => begin({ what: 'remove', passkey })}
        />
      </Group>
    ),
  },
]
