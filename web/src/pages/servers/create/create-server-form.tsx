import { Button, Group, Stack, Text } from '@mantine/core'
import { useNavigate } from 'react-router'
import { operations } from '../../../../../contract/api/operations.ts'
import { servers } from '../../../../../contract/api/servers.ts'
import type { Template } from '../../../../../contract/api/templates.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { LimitFields } from '../../../ui/limit-fields.tsx'
import { Section } from '../../../ui/section.tsx'
import { VariableFields } from '../../../ui/variable-fields.tsx'
import { FormProvider, useForm } from './form-context.ts'
import {
  inForm,
  inputOf,
  type NewServer,
  newServerFrom,
  portFieldIn,
  problemsOf,
} from './new-server.ts'
import { PortFields } from './port-fields.tsx'
import { WhatFields } from './what-fields.tsx'
import { WhereFields } from './where-fields.tsx'

interface CreateServerFormProps {
  readonly templates: readonly Template[]
  readonly first: Template
}

export function CreateServerForm({ templates, first }: CreateServerFormProps) {
  const navigate = useNavigate()
  const templateOf = ({ templateId }: NewServer) =>
    templates.find(({ id }) => id === templateId) ?? first
  const form = useForm({
    initialValues: newServerFrom(first),
    validate: (values) => problemsOf(values, templateOf(values)),
  })
  const create = useAction(servers.create, {
    refreshes: [servers.list, operations.list],
    onDone: ({ id }) => navigate(paths.server(id)),
  })
  const { variables } = templateOf(form.values)
  const submit = form.onSubmit((values) =>
    create.mutate(inputOf(values), {
      onError: (error) =>
        form.setErrors(inForm(fieldErrorsOf(error, { port: portFieldIn(values) }))),
    }),
  )
  return (
    <FormProvider form={form}>
      <Form errors={form.errors} attempt={create} onSubmit={submit}>
        <Stack maw={720}>
          <WhatFields templates={templates} />
          <WhereFields />
          <PortFields />
          <Section title="Limits" about="The template’s suggestion; you can change them later.">
            <LimitFields propsOf={(name) => form.getInputProps(name)} />
          </Section>
          {variables.length === 0 ? null : (
            <Section title="Variables">
              <VariableFields
                variables={variables}
                environment={form.values.environment}
                errors={form.errors}
                onChange={(environment) => form.setFieldValue('environment', environment)}
              />
            </Section>
          )}
          <FormFailure error={create.error} />
          <Group>
            <Button type="submit" loading={create.isPending}>
              Create and install
            </Button>
            <Text size="sm" c="dimmed">
              The installation starts at once.
            </Text>
          </Group>
        </Stack>
      </Form>
    </FormProvider>
  )
}
