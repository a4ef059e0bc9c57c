import { SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactNode } from 'react'

function choice(value: string, name: string, icon: ReactNode) {
  return {
    value,
    label: (
      <>
        {icon}
        <VisuallyHidden>{name}</VisuallyHidden>
      </>
    ),
  }
}

const choices = [
  choice('light', 'Light', <IconSun size={16} aria-hidden style={{ display: 'block' }} />),
  choice('dark', 'Dark', <IconMoon size={16} aria-hidden style={{ display: 'block' }} />),
  choice(
    'auto',
    'As the system',
    <IconDeviceDesktop size={16} aria-hidden style={{ display: 'block' }} />,
  ),
]

/** Light, dark or what the system says; kept in this browser. */
export function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Theme"
      size="xs"
      data={choices}
      value={colorScheme}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
    />
  )
}
