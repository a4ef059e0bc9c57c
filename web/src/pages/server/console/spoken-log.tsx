import { VisuallyHidden } from '@mantine/core'
import type { Shown } from './console-lines.ts'
import { gapText, plainText } from './console-text.ts'

/** The end of the console as text. It is there to be read, not announced: a busy console never stops. */
export function SpokenLog({ shown }: { shown: readonly Shown[] }) {
  return (
    <VisuallyHidden>
      <div role="log" aria-label="Console output" aria-live="off">
        {shown.map((item) =>
          item.kind === 'gap' ? (
            <p key={`gap-${item.gap.before}`}>{gapText(item.gap)}</p>
          ) : (
            <p key={item.line.seq}>
              {item.line.stream === 'input' ? '> ' : ''}
              {plainText(item.line.text)}
            </p>
          ),
        )}
      </div>
    </VisuallyHidden>
  )
}
