import { Box, Card, Center, Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconBolt } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PlainHttpWarning } from '../../frame/plain-http-warning.tsx'

/** The frame of the pages that need no account. */
export function PublicPage({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(`${title} · Catalyst`)
  return (
    <Center mih="100vh" p="md" component="main">
      <Box w="100%" maw={420}>
        <PlainHttpWarning />
        <Card withBorder padding="lg">
          <Stack>
            <div>
              <Group gap={6} c="dimmed">
                <IconBolt size={18} aria-hidden />
                <Text size="sm" fw={600}>
                  Catalyst
                </Text>
              </Group>
              <Title order={1} size="h3">
                {title}
              </Title>
            </div>
            {children}
          </Stack>
        </Card>
      </Box>
    </Center>
  )
}
