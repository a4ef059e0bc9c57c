import type { NotificationData } from '@mantine/notifications'
import { lazy, Suspense, useSyncExternalStore } from 'react'

const load = () => import('@mantine/notifications')

const Notifications = lazy(async () => ({ default: (await load()).Notifications }))

/** Whether there was a toast yet. Until the first one, nothing of them is loaded. */
const wanted = { yet: false, tell: () => {} }

/** The corner where toasts show. */
export function Toasts() {
  const any = useSyncExternalStore(
    (listener) => {
      wanted.tell = listener
      return () => {
        wanted.tell = () => {}
      }
    },
    () => wanted.yet,
  )
  return any ? (
    <Suspense>
      <Notifications position="bottom-right" />
    </Suspense>
  ) : null
}

export async function showToast(toast: NotificationData): Promise<void> {
  wanted.yet = true
  wanted.tell()
  const { notifications } = await load()
  notifications.show({ closeButtonProps: { 'aria-label': 'Close' }, ...toast })
}
