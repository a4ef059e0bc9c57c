import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

const choices = [
  { value: 'light', label: 'Light', icon: <IconSun size={16} aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <IconMoon size={16} aria-hidden /> },
  { value: 'auto', label: 'As the system', icon: <IconDeviceDesktop size={16} aria-hidden /> },
]

/** Light, dark or what the system says, as entries of a menu; kept in this browser. */
export function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu.RadioGroup
      value={colorScheme}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
    >
      {choices.map(({ value, label, icon }) => (
        <Menu.RadioItem key={value} value={value} rightSection={icon}>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}
