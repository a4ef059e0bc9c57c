import { useCallback, useState } from 'react'
import type { ServerId } from '../../../../contract/ids.ts'

/** As many as one request may name. */
const atMost = 100

/** Which servers of a list were chosen, to do the same to all of them. */
export function useChosen() {
  const [selected, setSelected] = useState<ReadonlySet<ServerId>>(new Set())
  const [isUsed, setUsed] = useState(false)
  const toggle = useCallback((id: ServerId) => {
    setUsed(true)
    setSelected((before) => {
      const after = new Set(before)
      if (!after.delete(id) && after.size < atMost) after.add(id)
      return after
    })
  }, [])
  const clear = useCallback(() => setSelected(new Set()), [])
  return {
    selected,
    /** Something was chosen at some time. */
    isUsed,
    toggle,
    clear,
  }
}
