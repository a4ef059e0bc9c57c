import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'

/** A project of its own, whose only dependency stands in for the Node that is brought along. */
function createProject(script: string): string {
  const root = mkdtempSync(join(tmpdir(), 'bootstrap-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'local'))
  for (const file of ['bootstrap.mjs', 'parent-watch.ts']) {
    cpSync(join('local', file), join(root, 'local', file))
  }
  const bundled = `node-${process.platform}-${process.arch}`
  mkdirSync(join(root, 'brought/bin'), { recursive: true })
  symlinkSync(process.execPath, join(root, 'brought/bin/node'))
  writeJson(join(root, 'brought/package.json'), { name: bundled, version: '1.0.0' })
  writeJson(join(root, 'package.json'), {
    name: 'project',
    type: 'module',
    dependencies: { [bundled]: 'file:brought' },
  })
  writeJson(join(root, 'package-lock.json'), {
    name: 'project',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'project', dependencies: { [bundled]: 'file:brought' } },
      brought: { name: bundled, version: '1.0.0' },
      [`node_modules/${bundled}`]: { resolved: 'brought', link: true },
    },
  })
  writeFileSync(join(root, 'local/script.ts'), script)
  return root
}

function writeJson(file: string, content: unknown): void {
  writeFileSync(file, JSON.stringify(content))
}

function bootstrap(root: string, args: readonly string[] = [], input = '') {
  return spawnSync(process.execPath, ['local/bootstrap.mjs', 'local/script.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    input,
  })
}

async function startBootstrap(root: string) {
  const child = spawn(process.execPath, ['local/bootstrap.mjs', 'local/script.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, scriptId: Number(line) }
}

async function ending(child: ChildProcess): Promise<unknown> {
  const [code, signal]: unknown[] = await once(child, 'exit')
  return code ?? signal
}

/** A process that ended stays listed as a zombie until its new parent has taken note. */
function isAlive(id: number): boolean {
  const file = `/proc/${id}/stat`
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ')
}

test('installs once, says so, and again only when the lock file has changed', () => {
  const root = createProject('console.log("ran")')

  const first = bootstrap(root)
  const second = bootstrap(root)
  const lock = join(root, 'package-lock.json')
  writeFileSync(lock, readFileSync(lock, 'utf8').replace('"version":"1.0.0"', '"version":"2.0.0"'))
  writeJson(join(root, 'brought/package.json'), { name: 'brought', version: '2.0.0' })
  const third = bootstrap(root)

  expect(first.stderr).toBe('Installing dependencies (about 40 s)\n')
  expect(second.stderr).toBe('')
  expect(third.stderr).toBe('Installing dependencies (about 40 s)\n')
  expect([first, second, third].map((run) => run.stdout)).toEqual(['ran\n', 'ran\n', 'ran\n'])
})

test('an installation made by npm itself is not made again', () => {
  const root = createProject('console.log("ran")')
  // Some versions of npm copy a folder where others link to it; packages of a registry are the same in all.
  spawnSync('npm', ['ci', '--install-links=false'], { cwd: root })

  expect(bootstrap(root).stderr).toBe('')
})

test('a failed installation ends with what npm said', () => {
  const root = createProject('console.log("ran")')
  writeJson(join(root, 'package.json'), { dependencies: { absent: 'file:absent' } })

  const run = bootstrap(root)

  expect(run.status).toBe(1)
  expect(run.stderr).toMatch(/npm said:\nnpm (error|ERR!)/)
  expect(run.stdout).toBe('')
})

test('the script gets arguments, standard input, the tools on PATH, and decides the exit code', () => {
  const root = createProject(`
    const [first = ''] = (process.env.PATH ?? '').split(':')
    let input = ''
    for await (const chunk of process.stdin) input += chunk
    console.log(JSON.stringify([process.argv.slice(2), input, first]))
    process.exitCode = 7
  `)

  const run = bootstrap(root, ['--port', '1'], 'yes\n')

  const bin = join(root, 'node_modules/.bin')
  expect(JSON.parse(run.stdout)).toEqual([['--port', '1'], 'yes\n', bin])
  expect(run.status).toBe(7)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s is passed on', async (signal) => {
  const root = createProject(`
    process.on('${signal}', () => process.exit(3))
    setInterval(() => undefined, 1000)
    console.log(process.pid)
  `)
  const { child } = await startBootstrap(root)

  child.kill(signal)

  expect(await ending(child)).toBe(3)
})

test('a script that a signal kills takes the bootstrap with it, by the same signal', async () => {
  const root = createProject('setInterval(() => undefined, 1000); console.log(process.pid)')
  const { child, scriptId } = await startBootstrap(root)

  process.kill(scriptId, 'SIGTERM')

  expect(await ending(child)).toBe('SIGTERM')
})

test('a script whose bootstrap was killed outright notices and stops', async () => {
  const root = createProject(`
    import { bootstrapPipe, watchParent } from './parent-watch.ts'
    const pipe = bootstrapPipe(process.env)
    if (pipe === null) throw new Error('there is no pipe')
    watchParent(pipe, () => process.exit(0))
    setInterval(() => undefined, 1000)
    console.log(process.pid)
  `)
  const { child, scriptId } = await startBootstrap(root)
  expect(isAlive(scriptId)).toBe(true)

  child.kill('SIGKILL')

  await vi.waitFor(() => expect(isAlive(scriptId)).toBe(false))
})

test('watching keeps no script alive, and grandchildren do not take the pipe for theirs', () => {
  const root = createProject(`
    import { spawnSync } from 'node:child_process'
    import { bootstrapPipe, watchParent } from './parent-watch.ts'
    const pipe = bootstrapPipe(process.env)
    console.log(pipe === null ? 'no pipe' : 'a pipe')
    if (pipe !== null) {
      watchParent(pipe, () => process.exit(9))
      spawnSync(process.execPath, [import.meta.filename], { stdio: 'inherit' })
    }
  `)

  const run = bootstrap(root)

  expect(run.stdout).toBe('a pipe\nno pipe\n')
  expect(run.status).toBe(0)
})
