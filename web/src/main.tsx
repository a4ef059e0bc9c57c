import './zod-setup.ts'
import './styles.ts'
import { MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { ApiError, isSignedOut } from './api/client.ts'
import { meQuery } from './api/queries.ts'
import { Panel } from './panel.tsx'
import { readableColours, theme } from './theme.ts'
import { NowProvider } from './ui/now.tsx'
import { Toasts } from './ui/toasts.tsx'

/**
 * A session that ended shows in any call, and so does a second factor that is asked for of late; asking who
 * we are then leads to the page for it.
 */
const onError = (error: unknown) => {
  const known = client.getQueryData(meQuery.queryKey) !== undefined
  if (isSignedOut(error) && known) void client.resetQueries({ queryKey: meQuery.queryKey })
  if (error instanceof ApiError && error.code === 'two_factor_required') {
    void client.invalidateQueries({ queryKey: meQuery.queryKey })
  }
}

const client = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 1000,
      // An answer with a code is an answer; only silence is worth asking again.
      retry: (count, error) =>
        count < 2 && error instanceof ApiError && error.code === 'unreachable',
    },
  },
})

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={readableColours}
        defaultColorScheme="auto"
      >
        <Toasts />
        <NowProvider>
          <BrowserRouter>
            <Panel />
          </BrowserRouter>
        </NowProvider>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
)
