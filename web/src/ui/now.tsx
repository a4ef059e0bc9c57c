import { useDocumentVisibility, useInterval } from '@mantine/hooks'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'

const Now = createContext(0)

/** Gives everything below it one clock that moves every few seconds, so that ages stay true together. */
export function NowProvider({
  children,
  everyMs = 5000,
}: {
  children: ReactNode
  everyMs?: number
}) {
  const [now, setNow] = useState(() => Date.now())
  const visible = useDocumentVisibility() === 'visible'
  const tick = useInterval(() => setNow(Date.now()), everyMs)
  useEffect(() => {
    if (!visible) return undefined
    setNow(Date.now())
    tick.start()
    return tick.stop
  }, [visible, tick.start, tick.stop])
  return <Now value={now}>{children}</Now>
}

/** Milliseconds since 1970, a few seconds coarse. */
export function useNow(): number {
  return use(Now)
}
