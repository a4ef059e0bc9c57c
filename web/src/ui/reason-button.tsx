import { ActionIcon, Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

interface ReasonButtonProps
  extends Pick<ButtonProps, 'variant' | 'color' | 'size' | 'loading' | 'fullWidth'> {
  readonly label: string
  readonly icon?: ReactNode
  /** `true`, or the reason why it cannot be pressed now. */
  readonly possible: true | string
  readonly onPress: () => void
  readonly iconOnly?: boolean
}

/**
 * A button that can say why it is disabled. It stays focusable, since a reason that the keyboard cannot
 * reach is no reason.
 */
export function ReasonButton(props: ReasonButtonProps) {
  const { label, icon, possible, onPress, iconOnly = false, loading = false, ...look } = props
  const disabled = possible !== true
  const shared = {
    ...look,
    loading,
    type: 'button',
    'aria-disabled': disabled || undefined,
    'aria-description': disabled ? possible : undefined,
    'data-disabled': disabled,
    onClick: () => {
      if (!disabled) onPress()
    },
  } as const
  return (
    <Tooltip
      label={disabled ? possible : label}
      disabled={!disabled && !iconOnly}
      events={{ hover: true, focus: true, touch: disabled }}
      multiline
      maw={280}
    >
      {iconOnly ? (
        <ActionIcon {...shared} aria-label={label}>
          {icon}
        </ActionIcon>
      ) : (
        <Button {...shared} leftSection={icon}>
          {label}
        </Button>
      )}
    </Tooltip>
  )
}
