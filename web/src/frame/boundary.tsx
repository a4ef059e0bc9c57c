import { Button, Center } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { Empty } from '../ui/empty.tsx'

interface BoundaryProps {
  /** The page that is shown; another one gets another chance. */
  readonly page: string
  readonly children: ReactNode
}

/**
 * Keeps a page that broke from taking the rest with it. The usual cause is a panel that was updated
 * meanwhile, so that the files this tab wants are gone: loading again helps.
 */
export class Boundary extends Component<BoundaryProps, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (this.state.broken && before.page !== this.props.page) this.setState({ broken: false })
  }

  override render() {
    if (!this.state.broken) return this.props.children
    return (
      <Center mih="60vh">
        <Empty
          icon={<IconRefresh />}
          title="This page could not be shown"
          text="The panel may have been updated while this tab was open."
        >
          <Button onClick={() => window.location.reload()}>Load again</Button>
        </Empty>
      </Center>
    )
  }
}
