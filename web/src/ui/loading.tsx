import { Skeleton, Stack } from '@mantine/core'

/** Grey bars in place of rows that are on their way. */
export function Loading({ rows = 5, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label="Loading" aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  )
}
