import { ActionIcon, type ActionIconProps, type ElementProps } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { useMe } from './session.tsx'

type AccountButtonProps = ActionIconProps & ElementProps<'button', keyof ActionIconProps>

/** Opens the account's menu. */
export function AccountButton(props: AccountButtonProps) {
  const me = useMe()
  return (
    <ActionIcon variant="default" size="lg" {...props} aria-label={`Account of ${me.name}`}>
      <IconUser size={18} />
    </ActionIcon>
  )
}
