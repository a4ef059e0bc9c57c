import { Anchor, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { setup } from '../../../../contract/api/accounts.ts'
import { queryOf } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { PublicPage } from './public-page.tsx'
import { SetUpForm } from './set-up-form.tsx'
import { tokenIn } from './set-up-token.ts'

export function Component() {
  const location = useLocation()
  const given = tokenIn(location)
  const [token, setToken] = useState(given)
  const state = useQuery(queryOf(setup.state, {}))
  const navigate = useNavigate()
  useEffect(() => {
    if (given === '') return
    setToken(given)
    // The token must not stay where it is seen, stored or shared.
    void navigate(paths.setup(), { replace: true })
  }, [given, navigate])
  return (
    <PublicPage title="Create the first administrator">
      {state.isPending ? <Loader aria-label="Loading" /> : null}
      {state.data?.needed === false ? (
        <Text>
          The first administrator exists already.{' '}
          <Anchor component={Link} to={paths.signIn()} underline="always">
            Sign in
          </Anchor>
        </Text>
      ) : null}
      {state.data?.needed === true || state.isError ? (
        <SetUpForm key={token} token={token} />
      ) : null}
    </PublicPage>
  )
}
