import { Button } from '@mantine/core'
import { IconLogin2 } from '@tabler/icons-react'
import { oidc } from '../../../../../contract/api/oidc.ts'
import type { Output } from '../../../../../contract/endpoint.ts'
import { useAction } from '../../../api/queries.ts'
import { Failure } from '../../../ui/failure.tsx'
import { keepErrand } from './errand.ts'

interface ProviderButtonsProps {
  readonly providers: Output<typeof oidc.providers>
  /** Where to go when it has succeeded. */
  readonly next: string
  readonly rememberMe: boolean
}

/** Ways to sign in that lead out of the panel and back. */
export function ProviderButtons({ providers, next, rememberMe }: ProviderButtonsProps) {
  const begin = useAction(oidc.begin, {
    refreshes: [],
    onDone: ({ url }) => {
      keepErrand({ kind: 'sign_in', next, rememberMe })
      window.location.assign(url)
    },
  })
  // The way there takes a moment after the answer.
  const leaving = begin.isPending || begin.isSuccess
  return (
    <>
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          variant="default"
          leftSection={<IconLogin2 size={18} aria-hidden />}
          loading={leaving && begin.variables?.providerId === id}
          disabled={leaving && begin.variables?.providerId !== id}
          onClick={() => begin.mutate({ providerId: id, rememberMe })}
        >
          Sign in with {name}
        </Button>
      ))}
      {begin.error === null ? null : <Failure error={begin.error} />}
    </>
  )
}
