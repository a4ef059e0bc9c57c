import type { NotificationData } from '@mantine/notifications'
import { retryAfterOf, sentenceOf, traceOf } from '../api/client.ts'
import { showToast } from './toasts.tsx'
import { waitText } from './wait.ts'

/** Says in the corner that something was done. */
export function toastDone(message: string): void {
  toast({ message, color: 'green' })
}

/** Says in the corner what went wrong; forms show failures in place instead. */
export function toastFailure(title: string, error: unknown): void {
  const requestId = traceOf(error)
  const wait = retryAfterOf(error)
  const sentence = sentenceOf(error) + (wait === null ? '' : ` ${waitText(wait)}`)
  const message = requestId === null ? sentence : `${sentence} (request ${requestId})`
  toast({ title, message, color: 'red', autoClose: 10_000 })
}

/** Says anything else in the corner. */
export function toast(toast: NotificationData): void {
  void showToast(toast)
}
