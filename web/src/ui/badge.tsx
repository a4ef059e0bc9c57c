import { Group, Text } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'

/** How a state looks: words, a colour and a shape, so that none of them is needed alone. */
export interface Look {
  readonly text: string
  readonly colour: 'green' | 'red' | 'yellow' | 'blue' | 'gray' | 'grape'
  readonly icon: Icon
  readonly moving?: boolean
}

export function StatusBadge({ look, size = 'sm' }: { look: Look; size?: 'xs' | 'sm' | 'md' }) {
  const Shape = look.icon
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <Shape
        size={size === 'md' ? 20 : 16}
        color={`light-dark(var(--mantine-color-${look.colour}-8), var(--mantine-color-${look.colour}-4))`}
        className={look.moving ? 'turning' : undefined}
        aria-hidden
        style={{ flexShrink: 0 }}
      />
      <Text span size={size} fw={500} style={{ whiteSpace: 'nowrap' }}>
        {look.text}
      </Text>
    </Group>
  )
}
