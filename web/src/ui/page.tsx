import { Anchor, Breadcrumbs, Group, Stack, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

interface PageProps {
  readonly title: string
  /** Where the page hangs, from the top: label and address. */
  readonly above?: readonly (readonly [label: string, to: string])[]
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of a page: its title, what stands above it, what can be done here. */
export function PageFrame({ title, above = [], actions, children }: PageProps) {
  useDocumentTitle(`${title} · Catalyst`)
  return (
    <Stack gap="md">
      {above.length === 0 ? null : (
        <nav aria-label="Breadcrumb">
          <Breadcrumbs>
            {above.map(([label, to]) => (
              <Anchor key={to} component={Link} to={to} size="sm">
                {label}
              </Anchor>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="center">
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
