import { Alert } from '@mantine/core'
import { IconLockOpen } from '@tabler/icons-react'

/** Stands on every page that came over plain HTTP from another machine. */
export function PlainHttpWarning() {
  if (window.isSecureContext) return null
  return (
    <Alert
      color="yellow"
      icon={<IconLockOpen />}
      title="This connection is not encrypted"
      mb="md"
      role="note"
    >
      Passwords and console lines can be read on the way. Put the panel behind a reverse proxy or a
      tunnel with HTTPS. Until then the browser also refuses some things, such as passkeys and
      copying by button.
    </Alert>
  )
}
