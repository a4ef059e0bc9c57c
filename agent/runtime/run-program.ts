import { spawn } from 'node:child_process'

export interface ProgramResult {
  /** Null: it could not be started, or did not end in time. */
  readonly code: number | null
  readonly stdout: string
  /** What it said went wrong, or why it could not be run. */
  readonly stderr: string
}

export type RunProgram = (
  program: string,
  args: readonly string[],
  input?: string,
) => Promise<ProgramResult>

const endsWithin = 20_000

/** System programs stand where a service's PATH may not look. */
const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`

/** Runs a program without a shell; never rejects. */
export const runProgram: RunProgram = (program, args, input = '') =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { PATH: path, LC_ALL: 'C' },
      timeout: endsWithin,
      stdio: 'pipe',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    // A program that ends without reading its input closes the pipe; its exit code tells the rest.
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => resolve({ code: null, stdout, stderr: error.message }))
    child.on('close', (code) => resolve({ code, stdout, stderr: stderr.trim() }))
    child.stdin.end(input)
  })
