import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { useTimeout } from '@mantine/hooks'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useState } from 'react'
import classes from './hold-button.module.css'

const holdMs = 1000

interface HoldButtonProps extends Pick<ButtonProps, 'variant' | 'color' | 'size' | 'fullWidth'> {
  readonly label: string
  /** What happens, for those who hover or hear it. */
  readonly consequence: string
  readonly icon?: ReactNode
  readonly possible: true | string
  readonly onHeld: () => void
}

/**
 * Acts after it was held for a second, by pointer or by Enter or Space. Assistive tools that can only
 * click press it twice.
 */
export function HoldButton(props: HoldButtonProps) {
  const { label, consequence, icon, possible, onHeld, ...look } = props
  const [holding, setHolding] = useState(false)
  const [armed, setArmed] = useState(false)
  const timer = useTimeout(() => {
    setHolding(false)
    onHeld()
  }, holdMs)
  const begin = () => {
    if (possible !== true || holding) return
    setHolding(true)
    timer.start()
  }
  const end = () => {
    setHolding(false)
    timer.clear()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    begin()
  }
  // A click that no pointer and no key made: only an assistive tool does that.
  const onClick = (event: MouseEvent) => {
    if (event.detail !== 0 || possible !== true) return
    if (armed) onHeld()
    setArmed(!armed)
  }
  return (
    <Tooltip
      label={possible === true ? `Hold for a second. ${consequence}` : possible}
      events={{ hover: true, focus: true, touch: true }}
      multiline
      maw={280}
    >
      <Button
        {...look}
        type="button"
        className={classes.button}
        style={{ '--hold-ms': `${holdMs}ms` }}
        leftSection={icon}
        data-holding={holding || undefined}
        aria-disabled={possible !== true || undefined}
        aria-description={possible === true ? `Hold for a second. ${consequence}` : possible}
        data-disabled={possible !== true}
        onPointerDown={begin}
        onPointerUp={end}
        onPointerLeave={end}
        onPointerCancel={end}
        onKeyDown={onKeyDown}
        onKeyUp={end}
        onBlur={end}
        onClick={onClick}
        onContextMenu={(event) => event.preventDefault()}
      >
        {armed ? `Press again: ${label}` : label}
        <span className={classes.fill} aria-hidden />
      </Button>
    </Tooltip>
  )
}
