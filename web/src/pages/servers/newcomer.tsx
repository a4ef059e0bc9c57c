import { Button, List, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconServer, IconServer2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { nodes } from '../../../../contract/api/nodes.ts'
import { type Template, templates } from '../../../../contract/api/templates.ts'
import { pollEvery } from '../../api/pace.ts'
import { queryOf } from '../../api/queries.ts'
import { may } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { paths } from '../../paths.ts'
import { counted } from '../../ui/amounts.ts'
import { Empty } from '../../ui/empty.tsx'
import { Shown } from '../../ui/shown.tsx'
import { DemoHint } from '../admin/templates/demo-hint.tsx'

/** What somebody sees who has no server yet: the way to the first one. */
export function Newcomer() {
  const me = useMe()
  if (may(me, 'server.create') && may(me, 'node.read')) return <FirstSteps />
  return (
    <Empty
      icon={<IconServer />}
      title="No servers yet"
      text="Servers that belong to you, or that others share with you, show here. Ask an administrator for one."
    />
  )
}

function FirstSteps() {
  const fleet = useQuery({ ...queryOf(nodes.list, {}), refetchInterval: pollEvery.watched })
  const known = useQuery(queryOf(templates.list, {}))
  return (
    <Shown query={fleet}>
      {(list) => (
        <Shown query={known}>
          {(choices) => <Steps node={list.some(isReady)} any={list.length > 0} choices={choices} />}
        </Shown>
      )}
    </Shown>
  )
}

function isReady({ status }: { status: string }): boolean {
  return status === 'online'
}

interface StepsProps {
  readonly node: boolean
  readonly any: boolean
  readonly choices: readonly Template[]
}

function Steps({ node, any, choices }: StepsProps) {
  const [only, ...others] = choices
  return (
    <Empty
      icon={<IconServer />}
      title="Welcome to Catalyst"
      text="Two steps lead to a running game server."
    >
      <List spacing="lg" ta="left" listStyleType="none" maw={480} type="ordered">
        <Step
          done={node}
          icon={<IconServer2 size={18} />}
          title={node ? 'A node is online' : 'Add a node'}
          text={
            any && !node
              ? 'A node was added, but none is online yet.'
              : 'A node is a machine with Docker. One pasted line connects it.'
          }
        >
          {node ? null : (
            <Button component={Link} to={any ? paths.nodes() : paths.newNode()}>
              {any ? 'To the nodes' : 'Add a node'}
            </Button>
          )}
        </Step>
        <Step
          done={false}
          icon={<IconServer size={18} />}
          title="Create a server"
          text={
            only === undefined
              ? 'A template says how a game is installed and started. There is none yet.'
              : others.length === 0
                ? `The template “${only.name}” is ready.`
                : `${counted(choices.length, 'template')} are ready.`
          }
        >
          {only === undefined ? (
            <>
              <Button component={Link} to={paths.newTemplate()} variant="default">
                Add a template
              </Button>
              <DemoHint align="flex-start" />
            </>
          ) : (
            <Button
              component={Link}
              to={paths.newServer(others.length === 0 ? { template: only.id } : {})}
              variant={node ? 'filled' : 'default'}
            >
              {others.length === 0 ? `Create a server from ${only.name}` : 'Create a server'}
            </Button>
          )}
        </Step>
      </List>
    </Empty>
  )
}

interface StepProps {
  readonly done: boolean
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly children: ReactNode
}

function Step({ done, icon, title, text, children }: StepProps) {
  return (
    <List.Item
      icon={
        <ThemeIcon
          radius="xl"
          size={32}
          variant={done ? 'filled' : 'light'}
          color={done ? 'green.9' : 'indigo'}
        >
          {done ? <IconCheck size={18} /> : icon}
        </ThemeIcon>
      }
    >
      <Stack gap={6} align="flex-start">
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        {children}
      </Stack>
    </List.Item>
  )
}
