import { Alert, Box, Button, Center, Stack, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconShieldLock } from '@tabler/icons-react'
import { PlainHttpWarning } from '../../../frame/plain-http-warning.tsx'
import { useSignOut } from '../../../frame/use-sign-out.ts'
import { SecondFactors } from './second-factors.tsx'

/** All there is for whoever has to set up a second factor before anything else. */
export function TwoFactorFirst({ onSettled }: { onSettled: () => void }) {
  useDocumentTitle('Set up a second factor · Catalyst')
  const signOut = useSignOut()
  return (
    <Center mih="100vh" p="md" component="main">
      <Box w="100%" maw={560}>
        <PlainHttpWarning />
        <Stack>
          <Title order={1} size="h2">
            Set up a second factor
          </Title>
          <Alert color="blue" icon={<IconShieldLock />} title="Your role requires it" role="note">
            Set up an authenticator app or a passkey to go on.
          </Alert>
          <SecondFactors onSettled={onSettled} />
          <Button variant="subtle" loading={signOut.isPending} onClick={signOut.now}>
            Sign out
          </Button>
        </Stack>
      </Box>
    </Center>
  )
}
