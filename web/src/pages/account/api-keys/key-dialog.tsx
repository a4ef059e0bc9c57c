import { Modal } from '@mantine/core'
import { useState } from 'react'
import type { ApiKey, NewApiKey } from '../../../../../contract/api/api-keys.ts'
import { KeyForm } from './key-form.tsx'
import { NewKey } from './new-key.tsx'

interface KeyDialogProps {
  readonly edited: ApiKey | 'new'
  readonly onClose: () => void
}

export function KeyDialog({ edited, onClose }: KeyDialogProps) {
  const [made, setMade] = useState<NewApiKey | null>(null)
  if (made !== null) {
    // Closed by its button alone: a click beside it would lose the key for good.
    return (
      <Modal
        opened
        onClose={onClose}
        title={made.name}
        size="lg"
        withCloseButton={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <NewKey made={made} onClose={onClose} />
      </Modal>
    )
  }
  const title = edited === 'new' ? 'Make an API key' : `API key ${edited.name}`
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <KeyForm saved={edited === 'new' ? null : edited} onMade={setMade} onClose={onClose} />
    </Modal>
  )
}
