import { Menu, Text } from '@mantine/core'
import { IconLogout, IconUserCog } from '@tabler/icons-react'
import { Link } from 'react-router'
import { auth } from '../../../contract/api/accounts.ts'
import { useAction } from '../api/queries.ts'
import { paths } from '../paths.ts'
import { ThemeChoice } from '../ui/theme-choice.tsx'
import { toastFailure } from '../ui/toast.ts'
import { AccountButton } from './account-button.tsx'
import { useMe } from './session.tsx'

/** The account and what belongs to it; loaded when it is first opened. */
export function AccountMenu() {
  const me = useMe()
  const logout = useAction(auth.logout, {
    refreshes: [],
    // Everything that was read belongs to the account that left: a fresh page keeps none of it.
    onDone: () => window.location.assign(paths.signIn()),
  })
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
          Password and sessions
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <ThemeChoice />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() =>
            logout.mutate(
              {},
              { onError: (error) => toastFailure('You are still signed in', error) },
            )
          }
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
