import { useEffect, useRef } from 'react'

/** Runs when a page is first shown and then never again: effects may run twice, and some things work once. */
export function useOnce(run: () => void): void {
  const done = useRef(false)
  useEffect(() => {
    if (done.current) return
    done.current = true
    run()
  }, [run])
}
