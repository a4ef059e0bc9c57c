import { useSearchParams } from 'react-router'

/** Fields of the address that narrow a list; changing one leads back to the first page. */
export function useFilters<Name extends string>(...names: readonly Name[]) {
  const [query, setQuery] = useSearchParams()
  const page = Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1)
  const change = (fields: Readonly<Record<string, string>>) =>
    setQuery(
      (before) => {
        const after = new URLSearchParams(before)
        if (!('page' in fields)) after.delete('page')
        for (const [name, value] of Object.entries(fields)) {
          if (value === '') after.delete(name)
          else after.set(name, value)
        }
        return after
      },
      { replace: true },
    )
  return {
    page,
    /** The value of a field; an empty string when it is not set. */
    value: (name: Name) => query.get(name) ?? '',
    isSet: names.some((name) => query.has(name)),
    set: (name: Name, value: string) => change({ [name]: value }),
    turnTo: (to: number) => change({ page: to === 1 ? '' : String(to) }),
    clear: () => change(Object.fromEntries(names.map((name) => [name, '']))),
  }
}
