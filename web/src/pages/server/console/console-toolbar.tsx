import { ActionIcon, CloseButton, Group, Text, TextInput, Tooltip } from '@mantine/core'
import {
  IconChevronDown,
  IconChevronUp,
  IconClock,
  IconDownload,
  IconHistory,
  IconSearch,
} from '@tabler/icons-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import type { Server } from '../../../../../contract/api/servers.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import type { ServerFeed } from '../server-feed.ts'
import { downloadLines, fileOf } from './console-file.ts'

interface ToolbarProps {
  readonly server: Server
  readonly feed: ServerFeed
  readonly findField: RefObject<HTMLInputElement | null>
  readonly hits: { readonly index: number; readonly count: number }
  readonly onFind: (text: string, where: 'next' | 'previous' | 'typing') => void
  readonly selection: () => string
  /** `true`, or why older lines cannot be loaded now. */
  readonly olderPossible: true | string
  readonly olderBusy: boolean
  readonly onOlder: () => void
  readonly withTime: boolean
  readonly onTimes: (withTime: boolean) => void
}

export function ConsoleToolbar(props: ToolbarProps) {
  const { server, feed, withTime, onTimes, selection, onOlder } = props
  return (
    <Group gap={4} wrap="nowrap" role="toolbar" aria-label="Console">
      <FindField {...props} />
      <ReasonButton
        iconOnly
        label="Load older lines"
        icon={<IconHistory size={16} />}
        variant="subtle"
        color="gray"
        possible={props.olderPossible}
        loading={props.olderBusy}
        onPress={onOlder}
      />
      <Tooltip label={withTime ? 'Hide the times' : 'Show the times'}>
        <ActionIcon
          variant={withTime ? 'light' : 'subtle'}
          color={withTime ? 'indigo' : 'gray'}
          aria-label="Show the times"
          aria-pressed={withTime}
          onClick={() => onTimes(!withTime)}
        >
          <IconClock size={16} />
        </ActionIcon>
      </Tooltip>
      <CopyButton
        what="what is marked, or all"
        text={() => selection() || fileOf(feed.getLines())}
      />
      <Tooltip label="Download the lines that are loaded">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Download the lines that are loaded"
          onClick={() => downloadLines(server.name, feed.getLines())}
        >
          <IconDownload size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}

function FindField({ findField, hits, onFind }: ToolbarProps) {
  const [text, setText] = useState('')
  const change = (next: string) => {
    setText(next)
    onFind(next, 'typing')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') change('')
    if (event.key !== 'Enter') return
    event.preventDefault()
    onFind(text, event.shiftKey ? 'previous' : 'next')
  }
  return (
    <>
      <TextInput
        ref={findField}
        size="xs"
        flex={1}
        maw={320}
        aria-label="Find in the console"
        placeholder="Find"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        rightSection={
          text === '' ? null : (
            <CloseButton size="xs" aria-label="Clear the search" onClick={() => change('')} />
          )
        }
      />
      <Text size="xs" c="dimmed" role="status" style={{ whiteSpace: 'nowrap' }}>
        {text === '' ? '' : hitText(hits)}
      </Text>
      {text === '' ? null : (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Previous hit"
            onClick={() => onFind(text, 'previous')}
          >
            <IconChevronUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Next hit"
            onClick={() => onFind(text, 'next')}
          >
            <IconChevronDown size={16} />
          </ActionIcon>
        </>
      )}
    </>
  )
}

function hitText({ index, count }: ToolbarProps['hits']): string {
  if (count === 0) return 'no hits'
  return index < 0 ? `${count} hits` : `${index + 1} of ${count}`
}
