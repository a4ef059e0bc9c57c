import { AppShell, Burger, Group, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBolt } from '@tabler/icons-react'
import { Suspense, useEffect } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { paths } from '../paths.ts'
import { later } from '../ui/later.ts'
import { Loading } from '../ui/loading.tsx'
import { AccountButton } from './account-button.tsx'
import { AfterTwoFactor } from './after-two-factor.tsx'
import { Boundary } from './boundary.tsx'
import { Navigation } from './navigation.tsx'
import { OperationsButton } from './operations-button.tsx'
import { PlainHttpWarning } from './plain-http-warning.tsx'
import { RequireSession } from './session.tsx'
import classes from './shell.module.css'
import { useDrawer } from './use-drawer.ts'
import { useLiveEvents } from './use-live-events.ts'
import { useOperationNews } from './use-operation-news.ts'
import { useTopOfPage } from './use-top-of-page.ts'

const OperationsDrawer = later(
  async () => (await import('./operations-drawer.tsx')).OperationsDrawer,
)
const AccountMenu = later(async () => (await import('./account-menu.tsx')).AccountMenu)

/** The frame around every page of somebody who is signed in. */
export function Component() {
  return (
    <RequireSession>
      <AfterTwoFactor>
        <Shell />
      </AfterTwoFactor>
    </RequireSession>
  )
}

function Shell() {
  const [menuOpen, menu] = useDisclosure(false)
  const { pathname } = useLocation()
  const drawer = useDrawer()
  useLiveEvents()
  useOperationNews()
  useTopOfPage()
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of page closes the menu
  useEffect(menu.close, [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding="md"
    >
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={menuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={menuOpen ? 'Close the menu' : 'Open the menu'}
              aria-expanded={menuOpen}
            />
            <UnstyledButton
              component={Link}
              to={paths.home()}
              aria-label="Catalyst, to the servers"
            >
              <Group gap={6} wrap="nowrap">
                <IconBolt size={22} aria-hidden />
                <Text fw={700} visibleFrom="xs">
                  Catalyst
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <OperationsButton />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Main">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <PlainHttpWarning />
        <Boundary page={pathname}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Boundary>
      </AppShell.Main>
      <Boundary page={drawer.opened ? 'operations' : ''}>
        <Suspense>{drawer.opened ? <OperationsDrawer /> : null}</Suspense>
      </Boundary>
    </AppShell>
  )
}

function Account() {
  const [wanted, want] = useDisclosure(false)
  const button = <AccountButton onClick={want.open} aria-haspopup="menu" />
  if (!wanted) return button
  return (
    <Suspense fallback={button}>
      <AccountMenu />
    </Suspense>
  )
}
