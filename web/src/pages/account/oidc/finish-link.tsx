import { Loader } from '@mantine/core'
import { useNavigate } from 'react-router'
import { identities } from '../../../../../contract/api/oidc.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { Failure } from '../../../ui/failure.tsx'
import { toastDone } from '../../../ui/toast.ts'
import type { ProviderAnswer } from './provider-answer.ts'
import { useOnce } from './use-once.ts'

/** Hands in what a provider has answered, for the account of whoever is signed in. */
export function FinishLink({ answer }: { answer: ProviderAnswer }) {
  const navigate = useNavigate()
  const finish = useAction(identities.finish, {
    refreshes: [identities.list],
    onDone: ({ provider }) => {
      toastDone(`You can sign in with ${provider.name} from now on`)
      return navigate(paths.account(), { replace: true })
    },
  })
  useOnce(() => finish.mutate(answer))
  return finish.error === null ? <Loader aria-label="Linking" /> : <Failure error={finish.error} />
}
