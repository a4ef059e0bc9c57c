import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { randomId } from '@mantine/hooks'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type Role, roles } from '../../../../../contract/api/roles.ts'
import { lacking } from '../../../../../contract/rules/rights.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { Shown } from '../../../ui/shown.tsx'
import classes from './claim-rules.module.css'
import type { ProviderValues } from './provider-values.ts'

interface ClaimRulesProps {
  readonly form: UseFormReturnType<ProviderValues>
}

/** Which claims give which roles. */
export function ClaimRules({ form }: ClaimRulesProps) {
  const list = useQuery(queryOf(roles.list, {}))
  const { claimRules } = form.values
  const add = () =>
    form.insertListItem('claimRules', { key: randomId(), claim: '', value: '', roleId: '' })
  return (
    <Stack gap="xs" component="fieldset" className={classes.rules}>
      <Text component="legend" size="sm" fw={600}>
        Roles from claims
      </Text>
      <Text size="xs" c="dimmed">
        At each sign-in, whoever has the claim gets the role, and whoever lacks it loses the role.
        Roles that are not listed here stay as they are.
      </Text>
      <Shown query={list}>
        {(all) =>
          claimRules.map(({ key }, at) => <Rule key={key} at={at} form={form} roles={all} />)
        }
      </Shown>
      {form.errors.claimRules === undefined ? null : (
        <Text size="xs" c="red" role="alert">
          {form.errors.claimRules}
        </Text>
      )}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={add}
        >
          Add a rule
        </Button>
      </Group>
    </Stack>
  )
}

interface RuleProps extends ClaimRulesProps {
  readonly at: number
  readonly roles: readonly Role[]
}

function Rule({ at, form, roles: all }: RuleProps) {
  const me = useMe()
  const field = (name: string) => form.getInputProps(`claimRules.${at}.${name}`)
  const isKnown = all.some(({ id }) => id === form.values.claimRules[at]?.roleId)
  const choices = all.map(({ id, name, permissions }) => {
    const isMore = lacking(permissions, me.permissions).length > 0
    return { value: id, label: isMore ? `${name} (more than you have)` : name, disabled: isMore }
  })
  const label = isKnown ? [] : [{ value: '', label: 'Choose a role' }]
  return (
    <div className={classes.rule}>
      <TextInput label="Claim" placeholder="groups" {...field('claim')} />
      <TextInput label="Holds" placeholder="admins" {...field('value')} />
      <NativeSelect label="Gives" data={[...label, ...choices]} {...field('roleId')} />
      <ActionIcon
        variant="subtle"
        color="red"
        size="lg"
        aria-label={`Remove rule ${at + 1}`}
        onClick={() => form.removeListItem('claimRules', at)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  )
}
