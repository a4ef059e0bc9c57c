import { NavLink, Stack, Text } from '@mantine/core'
import {
  IconActivity,
  IconApi,
  IconFileDescription,
  IconKey,
  IconListDetails,
  IconLogin2,
  IconMapPin,
  IconServer,
  IconServer2,
  IconSettings,
  IconShieldLock,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import type { Permission } from '../../../contract/permissions.ts'
import { may } from '../api/rights.ts'
import { paths } from '../paths.ts'
import { useMe } from './session.tsx'

const admin = [
  { label: 'Nodes', to: paths.nodes(), icon: IconServer2, needs: 'node.read' },
  { label: 'Templates', to: paths.templates(), icon: IconFileDescription, needs: 'template.read' },
  { label: 'Locations', to: paths.locations(), icon: IconMapPin, needs: 'location.read' },
  { label: 'Users', to: paths.users(), icon: IconUsers, needs: 'user.read' },
  { label: 'Roles', to: paths.roles(), icon: IconShieldLock, needs: 'role.read' },
  { label: 'API keys', to: paths.apiKeys(), icon: IconKey, needs: 'apikey.manage' },
  { label: 'Audit log', to: paths.audit(), icon: IconListDetails, needs: 'admin.read' },
  {
    label: 'Sign-in providers',
    to: paths.signInProviders(),
    icon: IconLogin2,
    needs: 'settings.read',
  },
  { label: 'Settings', to: paths.settings(), icon: IconSettings, needs: 'settings.read' },
] as const satisfies readonly { needs: Permission; [more: string]: unknown }[]

export function Navigation() {
  const me = useMe()
  const { pathname } = useLocation()
  const pages = admin.filter((page) => may(me, page.needs))
  const entry = (label: string, to: string, Icon: typeof IconServer) => {
    const here = pathname === to || pathname.startsWith(`${to}/`)
    return (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={label}
        leftSection={<Icon size={18} aria-hidden />}
        active={here}
        aria-current={here ? 'page' : undefined}
        variant="light"
      />
    )
  }
  return (
    <Stack gap={2}>
      {entry('Servers', paths.servers(), IconServer)}
      {entry('Operations', paths.operations(), IconActivity)}
      {pages.length === 0 ? null : (
        <Text size="xs" fw={600} c="dimmed" tt="uppercase" mt="md" mb={4} px="sm">
          Admin
        </Text>
      )}
      {pages.map((page) => entry(page.label, page.to, page.icon))}
      {/* A page of its own outside of the panel, so the browser has to go there itself. */}
      <NavLink
        href={paths.apiDocs()}
        target="_blank"
        rel="noopener"
        mt="md"
        label="API"
        description="Opens in a new tab"
        leftSection={<IconApi size={18} aria-hidden />}
      />
    </Stack>
  )
}
