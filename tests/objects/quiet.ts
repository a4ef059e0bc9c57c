import { onTestFinished, vi } from 'vitest'

/** Keeps the log quiet in a test that breaks something on purpose, until it ends. */
export function quiet(): void {
  const spy = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => spy.mockRestore())
}
