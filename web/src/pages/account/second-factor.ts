import * as z from 'zod'
import { ApiError } from '../../api/client.ts'

const SecondFactorNeeded = z.object({ token: z.string(), methods: z.array(z.string()) })
/** What a sign-in that waits for its second factor is finished with. */
export type SecondFactorNeeded = z.infer<typeof SecondFactorNeeded>

/**
 * The second factor that a sign-in was answered to need, for `SecondStep`; null where it failed for another
 * reason. Every way in may be answered so.
 */
export function secondFactorIn(error: unknown): SecondFactorNeeded | null {
  if (!(error instanceof ApiError) || error.code !== 'second_factor_needed') return null
  const needed = SecondFactorNeeded.safeParse(error.details)
  return needed.success ? needed.data : null
}
