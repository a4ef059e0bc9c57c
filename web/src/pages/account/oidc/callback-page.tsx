import { Anchor, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { paths } from '../../../paths.ts'
import { PublicPage } from '../public-page.tsx'
import { readErrand } from './errand.ts'
import { FinishLink } from './finish-link.tsx'
import { FinishSignIn } from './finish-sign-in.tsx'
import { answerIn } from './provider-answer.ts'

/** Where providers send browsers back to. */
export function Component() {
  const { search } = useLocation()
  const navigate = useNavigate()
  const [answer] = useState(() => answerIn(search))
  const [errand] = useState(readErrand)
  useEffect(() => {
    // What came must not stay where it is seen, stored or shared.
    if (search !== '') void navigate(paths.oidcCallback(), { replace: true })
  }, [search, navigate])
  const isLink = errand?.kind === 'link'
  const { next = paths.home(), rememberMe = false } = errand ?? {}
  return (
    <PublicPage title={isLink ? 'Link your account' : 'Sign in'}>
      {answer === null ? (
        <Text>The sign-in provider sent nothing back. Start over.</Text>
      ) : isLink ? (
        <FinishLink answer={answer} />
      ) : (
        <FinishSignIn answer={answer} next={next} rememberMe={rememberMe} />
      )}
      <Anchor
        component={Link}
        to={isLink ? paths.account() : paths.signIn()}
        underline="always"
        size="sm"
      >
        {isLink ? 'Back to your account' : 'Back to sign-in'}
      </Anchor>
    </PublicPage>
  )
}
