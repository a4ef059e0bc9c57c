import { Alert, Anchor } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { paths } from '../../../paths.ts'

/** In place of a page whose link opens nothing. @param advice what to do */
export function VoidLink({ advice }: { advice: string }) {
  return (
    <>
      <Alert color="red" role="alert" icon={<IconAlertTriangle />}>
        This link was already used, has expired, or is incomplete. {advice}
      </Alert>
      <Anchor component={Link} to={paths.signIn()} underline="always" size="sm">
        Sign in
      </Anchor>
    </>
  )
}
