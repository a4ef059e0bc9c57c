import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import { queryOf } from '../../../api/queries.ts'
import { Shown } from '../../../ui/shown.tsx'
import { AuthenticatorApp } from './authenticator-app.tsx'
import { hasFactor } from './factors.ts'
import { Passkeys } from './passkeys.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

/**
 * Everything that the reader can show besides the password.
 * @param onSettled called when a factor was added or removed and the reader has seen all of it
 */
export function SecondFactors({ onSettled }: { onSettled: () => void }) {
  const state = useQuery(queryOf(twoFactor.state, {}))
  return (
    <Shown query={state}>
      {(factors) => (
        <Stack>
          <AuthenticatorApp factors={factors} onSettled={onSettled} />
          {hasFactor(factors) ? <RecoveryCodes factors={factors} /> : null}
          <Passkeys factors={factors} onSettled={onSettled} />
        </Stack>
      )}
    </Shown>
  )
}
