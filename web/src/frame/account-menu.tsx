import { Menu, Text } from '@mantine/core'
import { IconLogout, IconUserCog } from '@tabler/icons-react'
import { Link } from 'react-router'
import { paths } from '../paths.ts'
import { ThemeChoice } from '../ui/theme-choice.tsx'
import { AccountButton } from './account-button.tsx'
import { useMe } from './session.tsx'
import { useSignOut } from './use-sign-out.ts'

/** The account and what belongs to it; loaded when it is first opened. */
export function AccountMenu() {
  const me = useMe()
  const signOut = useSignOut()
  return (
    <Menu
      position="bottom-end"
      width={240}
      defaultOpened
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <AccountButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} truncate c="var(--mantine-color-text)">
            {me.name}
          </Text>
          <Text size="xs" truncate>
            {me.email} · {me.roles.map(({ name }) => name).join(', ') || 'no role'}
          </Text>
        </Menu.Label>
        <Menu.Item
          component={Link}
          to={paths.account()}
          leftSection={<IconUserCog size={16} aria-hidden />}
        >
          Account and security
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <ThemeChoice />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut.now}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
