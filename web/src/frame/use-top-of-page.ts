import { useEffect } from 'react'
import { useLocation, useNavigationType } from 'react-router'

/** A page that is opened by a link starts at its top; going back leaves scrolling to the browser. */
export function useTopOfPage(): void {
  const { pathname } = useLocation()
  const opened = useNavigationType() === 'PUSH'
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new page starts at its top
  useEffect(() => {
    if (opened) window.scrollTo(0, 0)
  }, [pathname, opened])
}
