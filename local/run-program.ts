import { type ChildProcess, spawn } from 'node:child_process'

export type ProgramOptions = {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/**
 * Runs a program to its end and resolves to what it printed on standard output. Rejects with the
 * end of its output when it cannot be started or does not exit with 0.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let tail = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    tail = (tail + text).slice(-4_000)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4_000)
  })
  await untilDone(child, `${program} ${args[0] ?? ''}`, () => tail)
  return output
}

/** Runs two programs, the first one's output being the second one's input. */
export async function runPiped(
  from: readonly [program: string, ...args: string[]],
  into: readonly [program: string, ...args: string[]],
): Promise<void> {
  const source = spawn(from[0], from.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  const sink = spawn(into[0], into.slice(1), { stdio: [source.stdout, 'inherit', 'inherit'] })
  // The second program has the pipe now; this process must neither read from it nor keep it open.
  source.stdout.destroy()
  await Promise.all([untilDone(source, from[0], () => ''), untilDone(sink, into[0], () => '')])
}

function untilDone(child: ChildProcess, name: string, tail: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${name} failed (${signal ?? `exit code ${code}`})\n${tail()}`.trim()))
    })
  })
}
