export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

export interface TestCount {
  readonly passed: number
  readonly failed: number
  /** Names of what did not run. */
  readonly skipped: readonly string[]
}

/**
 * Counts a runner's report. A file that could not be loaded, a runner that died or failed without naming
 * a test (an unhandled error) counts as one failure, so nothing that went wrong can look green.
 */
export function countTests(report: VitestReport | null, exitCode: number | null): TestCount {
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const brokenFiles = files.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = tests.filter((test) => test.status === 'failed').length + brokenFiles.length
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: tests
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((test) => test.fullName),
  }
}
