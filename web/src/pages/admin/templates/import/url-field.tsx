import { Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { templateDocuments } from '../../../../../../contract/api/template-documents.ts'
import { sentenceOf } from '../../../../api/client.ts'
import { useAction } from '../../../../api/queries.ts'
import { may } from '../../../../api/rights.ts'
import { useMe } from '../../../../frame/session.tsx'
import { fieldErrorsOf } from '../../../../ui/field-errors.ts'
import { ReasonButton } from '../../../../ui/reason-button.tsx'

interface UrlFieldProps {
  readonly preset: string
  readonly onContent: (text: string) => void
}

/** Fetches a document through the panel, since other sites do not let a browser read theirs. */
export function UrlField({ preset, onContent }: UrlFieldProps) {
  const allowed = may(useMe(), 'template.create')
  const [url, setUrl] = useState(preset)
  const fetched = useAction(templateDocuments.fetch, {
    refreshes: [],
    onDone: ({ content }) => onContent(content),
  })
  const { error } = fetched
  const refused = fieldErrorsOf(error)
  if (!allowed) return null
  return (
    <Group align="flex-end" wrap="nowrap">
      <TextInput
        label="Address"
        description="Of a public site, by https."
        placeholder="https://"
        type="url"
        flex={1}
        value={url}
        error={error === null ? null : (refused.url ?? refused.content ?? sentenceOf(error))}
        onChange={(event) => {
          fetched.reset()
          setUrl(event.currentTarget.value)
        }}
      />
      <ReasonButton
        label="Fetch"
        variant="default"
        loading={fetched.isPending}
        possible={url.trim() !== '' || 'Type an address first.'}
        onPress={() => fetched.mutate({ url })}
      />
    </Group>
  )
}
