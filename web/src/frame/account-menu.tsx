import { Box, Divider, Menu, Text } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { auth } from '../../../contract/api/accounts.ts'
import { useAction } from '../api/queries.ts'
import { ThemeChoice } from '../ui/theme-choice.tsx'
import { toastFailure } from '../ui/toast.ts'
import { AccountButton } from './account-button.tsx'
import { useMe } from './session.tsx'

/** The account and what belongs to it; loaded when it is first opened. */
export function AccountMenu() {
  const me = useMe()
  const client = useQueryClient()
  const logout = useAction(auth.logout, {
    refreshes: [],
    // Everything that was read belongs to the account that left; `me` then leads to the sign-in page.
    onDone: () => client.resetQueries(),
  })
  return (
    <Menu position="bottom-end" width={240} defaultOpened>
      <Menu.Target>
        <AccountButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py="xs">
          <Text fw={600} truncate>
            {me.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {me.email} · {me.role === 'admin' ? 'administrator' : 'user'}
          </Text>
        </Box>
        <Divider />
        <Box px="sm" py="xs">
          <ThemeChoice />
        </Box>
        <Divider />
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
