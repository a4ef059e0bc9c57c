import { Tooltip } from '@mantine/core'
import { useNow } from './now.tsx'
import { agoText, instantText } from './time-text.ts'

/** How long ago something was; the full instant shows on hover and focus. */
export function Age({ at, prefix = '' }: { at: string; prefix?: string }) {
  const now = useNow()
  return (
    <Tooltip label={instantText(at)}>
      <time dateTime={at}>
        {prefix}
        {agoText(now - Date.parse(at))}
      </time>
    </Tooltip>
  )
}
