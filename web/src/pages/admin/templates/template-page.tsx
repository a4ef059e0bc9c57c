import { Button, Code, ScrollArea, Stack } from '@mantine/core'
import { IconEdit, IconFileImport, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { type Template, templates } from '../../../../../contract/api/templates.ts'
import { TemplateId } from '../../../../../contract/ids.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { Age } from '../../../ui/age.tsx'
import { coresText, counted, mebibytesText } from '../../../ui/amounts.ts'
import { Facts } from '../../../ui/facts.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { Component as NotFound } from '../../not-found-page.tsx'
import { DeleteTemplate } from './delete-template.tsx'
import { ExportMenu } from './export-menu.tsx'
import { restOf } from './template-form-values.ts'

export function Component() {
  const templateId = TemplateId.safeParse(useParams().templateId)
  return templateId.success ? <TemplatePage templateId={templateId.data} /> : <NotFound />
}

function TemplatePage({ templateId }: { templateId: TemplateId }) {
  const me = useMe()
  const found = useQuery(queryOf(templates.get, { templateId }))
  return (
    <PageFrame
      title={found.data?.name ?? 'Template'}
      above={[['Templates', paths.templates()]]}
      actions={
        <>
          {may(me, 'server.create') ? (
            <Button
              component={Link}
              to={paths.newServer({ template: templateId })}
              leftSection={<IconPlus size={16} />}
            >
              Create a server
            </Button>
          ) : null}
          <ExportMenu templateId={templateId} />
          {may(me, 'template.update') ? (
            <Button
              component={Link}
              to={paths.updateTemplate(templateId)}
              variant="default"
              leftSection={<IconFileImport size={16} />}
            >
              Update
            </Button>
          ) : null}
          {may(me, 'template.update') ? (
            <Button
              component={Link}
              to={paths.editTemplate(templateId)}
              variant="default"
              leftSection={<IconEdit size={16} />}
            >
              Edit
            </Button>
          ) : null}
        </>
      }
    >
      <Shown query={found}>
        {(template) => (
          <Stack maw={960}>
            <Main template={template} />
            <Section title="The rest" about="As the API has it.">
              <ScrollArea.Autosize
                mah={480}
                viewportProps={{ tabIndex: 0, 'aria-label': 'Template as JSON' }}
              >
                <Code block>{restOf(template)}</Code>
              </ScrollArea.Autosize>
            </Section>
            {may(me, 'template.delete') ? <DeleteTemplate template={template} /> : null}
          </Stack>
        )}
      </Shown>
    </PageFrame>
  )
}

function Main({ template }: { template: Template }) {
  return (
    <Section title="Main">
      <Facts
        of={{
          Description: template.description || null,
          Category: template.category || null,
          Author: template.author || null,
          Version: template.version,
          Image: <Code>{template.image}</Code>,
          Startup: <Code>{template.startup}</Code>,
          'Run by': modeNames[template.startupMode],
          'Stop with': template.stopCommand || signalName(template.sendSignalTo),
          Ports: template.supportedPorts.length === 0 ? null : template.supportedPorts.join(', '),
          Suggests: `${mebibytesText(template.allocatedMemoryMb)}, ${coresText(template.allocatedCpuCores)}`,
          'Read from': template.sourceFormat === null ? null : formatNames[template.sourceFormat],
          Variables: counted(template.variables.length, 'variable'),
          Servers: counted(template.serverCount, 'server'),
          Changed: <Age at={template.updatedAt} />,
        }}
      />
    </Section>
  )
}

const formatNames: Readonly<Record<NonNullable<Template['sourceFormat']>, string>> = {
  catalyst: 'a template of Catalyst',
  ptdl_v1: 'an egg of Pterodactyl, version 1',
  ptdl_v2: 'an egg of Pterodactyl, version 2',
  plcn_v1: 'an egg of Pelican, version 1',
  plcn_v2: 'an egg of Pelican, version 2',
  plcn_v3: 'an egg of Pelican, version 3',
}

const modeNames: Readonly<Record<Template['startupMode'], string>> = {
  shell: 'a shell in the container',
  argv: 'the container directly, word by word',
  image: 'the image itself, which reads STARTUP',
}

function signalName(signal: Template['sendSignalTo']): string {
  return signal === 'STOPSIGNAL' ? 'the signal that the image names' : signal
}
