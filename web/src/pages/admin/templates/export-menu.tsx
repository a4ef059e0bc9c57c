import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { templateDocuments } from '../../../../../contract/api/template-documents.ts'
import type { TemplateId } from '../../../../../contract/ids.ts'
import { call } from '../../../api/client.ts'
import { downloadText } from '../../../ui/download.ts'
import { toastFailure } from '../../../ui/toast.ts'

/** Hands the template to the browser as a file. */
export function ExportMenu({ templateId }: { templateId: TemplateId }) {
  const [busy, setBusy] = useState(false)
  const save = async (format: 'ptdl_v2' | 'catalyst') => {
    setBusy(true)
    try {
      const { fileName, content } = await call(templateDocuments.export, { templateId, format })
      downloadText(fileName, content)
    } catch (error) {
      toastFailure('Not exported', error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save('ptdl_v2')}>As an egg (PTDL_v2)</Menu.Item>
        <Menu.Item onClick={() => save('catalyst')}>As a template of Catalyst</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
