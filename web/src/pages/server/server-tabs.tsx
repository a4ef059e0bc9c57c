import { NavLink } from 'react-router'
import type { ServerDetail } from '../../../../contract/api/servers.ts'
import { paths } from '../../paths.ts'
import classes from './server-tabs.module.css'

const settingsRights = [
  'server.update',
  'server.resize',
  'server.install',
  'server.suspend',
  'server.delete',
]

export function ServerTabs({ server }: { server: ServerDetail }) {
  const settings = settingsRights.some((right) => server.permissions.includes(right))
  return (
    <nav aria-label="Server" className={classes.tabs}>
      <NavLink to={paths.server(server.id)} end className={classes.tab ?? ''}>
        Console
      </NavLink>
      <NavLink to={paths.serverOperations(server.id)} className={classes.tab ?? ''}>
        Operations
      </NavLink>
      {settings ? (
        <NavLink to={paths.serverSettings(server.id)} className={classes.tab ?? ''}>
          Settings
        </NavLink>
      ) : null}
    </nav>
  )
}
