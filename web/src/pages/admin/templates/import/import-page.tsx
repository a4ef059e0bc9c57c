import { Stack } from '@mantine/core'
import { useState } from 'react'
import type { Imported, ImportedFile } from '../../../../../../contract/api/template-documents.ts'
import { paths } from '../../../../paths.ts'
import { PageFrame } from '../../../../ui/page.tsx'
import { ArchiveForm } from './archive-form.tsx'
import { ImportForm } from './import-form.tsx'
import { ArchiveOutcome, ImportOutcome } from './outcomes.tsx'

/** Brings templates in: one egg, or an archive of many. What came of it stands where the form was. */
export function Component() {
  const [imported, setImported] = useState<Imported | null>(null)
  const [files, setFiles] = useState<readonly ImportedFile[] | null>(null)
  const again = () => {
    setImported(null)
    setFiles(null)
  }
  return (
    <PageFrame title="Import templates" above={[['Templates', paths.templates()]]}>
      <Stack maw={960}>
        {imported === null ? null : <ImportOutcome imported={imported} onAgain={again} />}
        {files === null ? null : <ArchiveOutcome files={files} onAgain={again} />}
        {imported === null && files === null ? (
          <>
            <ImportForm onDone={setImported} />
            <ArchiveForm onDone={setFiles} />
          </>
        ) : null}
      </Stack>
    </PageFrame>
  )
}
