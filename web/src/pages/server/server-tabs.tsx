import { useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'
import type { ServerDetail } from '../../../../contract/api/servers.ts'
import type { Permission } from '../../../../contract/permissions.ts'
import { useMe } from '../../frame/session.tsx'
import { paths } from '../../paths.ts'
import classes from './server-tabs.module.css'

const settingsRights: readonly Permission[] = [
  'server.update',
  'server.resize',
  'server.install',
  'server.set_owner',
  'server.suspend',
  'server.delete',
]

export function ServerTabs({ server }: { server: ServerDetail }) {
  const me = useMe()
  const { pathname } = useLocation()
  const tabs = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page makes another tab the current one
  useEffect(() => {
    // On a phone they do not fit beside each other, and the current one may be out of sight.
    const current = tabs.current?.querySelector('[aria-current="page"]')
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [pathname])
  const may = (right: Permission) => server.permissions.includes(right)
  const tab = (label: string, to: string, end = false) => (
    <NavLink to={to} end={end} className={classes.tab ?? ''}>
      {label}
    </NavLink>
  )
  return (
    <nav ref={tabs} aria-label="Server" className={classes.tabs}>
      {tab(may('console.read') ? 'Console' : 'Overview', paths.server(server.id), true)}
      {tab('Startup', paths.serverStartup(server.id))}
      {tab('Operations', paths.serverOperations(server.id))}
      {may('allocation.read') ? tab('Network', paths.serverNetwork(server.id)) : null}
      {/* Sub-users find there what they may do themselves. */}
      {may('subuser.read') || server.id in me.grants
        ? tab('Users', paths.serverUsers(server.id))
        : null}
      {may('activity.read') ? tab('Activity', paths.serverActivity(server.id)) : null}
      {settingsRights.some(may) ? tab('Settings', paths.serverSettings(server.id)) : null}
    </nav>
  )
}
