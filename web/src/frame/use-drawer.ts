import { useSearchParams } from 'react-router'

const name = 'operations'

/** The operations drawer lives in the address: `?operations=open`, or the id of the one to unfold. */
export function useDrawer() {
  const [query, setQuery] = useSearchParams()
  const value = query.get(name)
  const change = (next: string | null) =>
    setQuery(
      (before) => {
        const after = new URLSearchParams(before)
        if (next === null) after.delete(name)
        else after.set(name, next)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  return {
    opened: value !== null,
    unfolded: value === 'open' ? null : value,
    open: (operationId?: string) => change(operationId ?? 'open'),
    close: () => change(null),
  }
}
