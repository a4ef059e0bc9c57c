const width = 120
const height = 28

interface SparklineProps {
  /** The newest last. */
  readonly values: readonly number[]
  /** What the top edge stands for; without it the highest value. */
  readonly top?: number | undefined
}

/** A small curve of the last values. It repeats what stands beside it in words, so it is not read aloud. */
export function Sparkline({ values, top }: SparklineProps) {
  if (values.length < 2) return null
  const highest = Math.max(top ?? 0, ...values, 1e-9)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map((value, at) => {
    const y = height - 1 - (Math.max(0, value) / highest) * (height - 2)
    return `${(at * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon
        points={`0,${height} ${points.join(' ')} ${width},${height}`}
        fill="var(--mantine-primary-color-filled)"
        opacity={0.15}
      />
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="light-dark(var(--mantine-color-indigo-7), var(--mantine-color-indigo-4))"
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
