import { prepareDocker } from '../../local/docker-preflight.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'

/** Measures on a fresh panel that runs no agent of its own. */
export async function onStack<T>(measure: (stack: Stack) => Promise<T>): Promise<T> {
  return withStack(['--no-agent'], measure)
}

/** The same with the agent of this machine, when it has an engine. */
export async function onStackWithAgent<T>(
  say: (line: string) => void,
  measure: (stack: Stack, hasAgent: boolean) => Promise<T>,
): Promise<T> {
  const engineLog = '/var/log/catalyst-dockerd.log'
  const docker = await prepareDocker({ yes: true, ask: null, engineLog, say })
  return withStack(docker.ready ? [] : ['--no-agent'], (stack) => measure(stack, docker.ready))
}

async function withStack<T>(
  args: readonly string[],
  measure: (stack: Stack) => Promise<T>,
): Promise<T> {
  const stack = await startStack({ args })
  try {
    return await measure(stack)
  } finally {
    await stack.stop()
    removeStack(stack.dataDir)
  }
}
