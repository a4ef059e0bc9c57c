/** The token of a set-up link: in the fragment, which no server sees, or in the query. */
export function tokenIn({ hash, search }: Pick<Location, 'hash' | 'search'>): string {
  const inHash = new URLSearchParams(hash.slice(1)).get('token')
  return inHash ?? new URLSearchParams(search).get('token') ?? ''
}
