import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconHelpCircle,
  IconLoader2,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconPlugConnected,
  IconPlugConnectedX,
  IconTrash,
} from '@tabler/icons-react'
import type { NodeStatus } from '../../../contract/api/nodes.ts'
import type { OperationState } from '../../../contract/api/operations.ts'
import type { ServerStatus } from '../../../contract/rules/server-states.ts'
import type { Look } from './badge.tsx'

export const serverLooks: Readonly<Record<ServerStatus, Look>> = {
  not_installed: { text: 'Not installed', colour: 'gray', icon: IconCircleDashed },
  installing: { text: 'Installing', colour: 'blue', icon: IconLoader2, moving: true },
  install_failed: { text: 'Install failed', colour: 'red', icon: IconCircleX },
  stopped: { text: 'Stopped', colour: 'gray', icon: IconPlayerStop },
  starting: { text: 'Starting', colour: 'blue', icon: IconLoader2, moving: true },
  running: { text: 'Running', colour: 'green', icon: IconPlayerPlay },
  stopping: { text: 'Stopping', colour: 'yellow', icon: IconLoader2, moving: true },
  crashed: { text: 'Crashed', colour: 'red', icon: IconAlertTriangle },
  restoring: { text: 'Restoring', colour: 'blue', icon: IconLoader2, moving: true },
  transferring: { text: 'Transferring', colour: 'blue', icon: IconLoader2, moving: true },
  removed: { text: 'Removed', colour: 'gray', icon: IconTrash },
  suspended: { text: 'Suspended', colour: 'grape', icon: IconPlayerPause },
  deleting: { text: 'Deleting', colour: 'yellow', icon: IconTrash },
}

export const nodeLooks: Readonly<Record<NodeStatus, Look>> = {
  pending: { text: 'Waiting to join', colour: 'blue', icon: IconClock },
  online: { text: 'Online', colour: 'green', icon: IconPlugConnected },
  degraded: { text: 'Needs attention', colour: 'yellow', icon: IconAlertTriangle },
  offline: { text: 'Offline', colour: 'red', icon: IconPlugConnectedX },
}

export const operationLooks: Readonly<Record<OperationState, Look>> = {
  submitting: { text: 'Being handed over', colour: 'blue', icon: IconClock },
  queued: { text: 'Queued', colour: 'blue', icon: IconClock },
  running: { text: 'Running', colour: 'blue', icon: IconLoader2, moving: true },
  succeeded: { text: 'Done', colour: 'green', icon: IconCircleCheck },
  failed: { text: 'Failed', colour: 'red', icon: IconCircleX },
  cancelled: { text: 'Cancelled', colour: 'gray', icon: IconPlayerStop },
  expired: { text: 'Expired', colour: 'yellow', icon: IconClock },
  indeterminate: { text: 'Outcome unknown', colour: 'yellow', icon: IconHelpCircle },
  superseded: { text: 'Replaced by a later click', colour: 'gray', icon: IconPlayerSkipForward },
}
