import { Center, Loader } from '@mantine/core'
import { Suspense } from 'react'
import { useRoutes } from 'react-router'
import { Boundary } from './frame/boundary.tsx'
import { routes } from './routes.tsx'

/** The page that the address names. */
export function Panel() {
  return (
    <Boundary page="all">
      <Suspense
        fallback={
          <Center mih="100vh" component="main">
            <Loader aria-label="Loading" />
          </Center>
        }
      >
        {useRoutes(routes)}
      </Suspense>
    </Boundary>
  )
}
