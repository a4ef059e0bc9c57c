import { Loader } from '@mantine/core'
import { useNavigate } from 'react-router'
import { oidc } from '../../../../../contract/api/oidc.ts'
import { useAction } from '../../../api/queries.ts'
import { paths, safeNext } from '../../../paths.ts'
import { Failure } from '../../../ui/failure.tsx'
import { secondFactorIn } from '../second-factor.ts'
import { SecondStep } from '../second-step.tsx'
import { useSignedIn } from '../use-signed-in.ts'
import type { ProviderAnswer } from './provider-answer.ts'
import { useOnce } from './use-once.ts'

interface FinishSignInProps {
  readonly answer: ProviderAnswer
  readonly next: string
  readonly rememberMe: boolean
}

/** Hands in what a provider has answered; a second factor of the account is asked for as ever. */
export function FinishSignIn({ answer, next, rememberMe }: FinishSignInProps) {
  const navigate = useNavigate()
  const goOn = safeNext(next)
  const finish = useAction(oidc.finish, { refreshes: [], onDone: useSignedIn(goOn) })
  useOnce(() => finish.mutate(answer))
  const needed = secondFactorIn(finish.error)
  if (needed !== null) {
    const onAnew = () => navigate(paths.signIn(goOn), { replace: true })
    return <SecondStep needed={needed} rememberMe={rememberMe} next={goOn} onAnew={onAnew} />
  }
  return finish.error === null ? (
    <Loader aria-label="Signing in" />
  ) : (
    <Failure error={finish.error} />
  )
}
