import { Button } from '@mantine/core'
import { IconMap2 } from '@tabler/icons-react'
import { Link } from 'react-router'
import { paths } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { PageFrame } from '../ui/page.tsx'

export function Component() {
  return (
    <PageFrame title="Nothing here">
      <Empty
        icon={<IconMap2 />}
        title="This address leads nowhere"
        text="The page may have moved, or the thing it showed was deleted."
      >
        <Button component={Link} to={paths.home()}>
          To the servers
        </Button>
      </Empty>
    </PageFrame>
  )
}
