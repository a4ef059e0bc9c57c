// Plain JavaScript that Node 20 can read: it runs before anything is installed.
//   node local/bootstrap.mjs <script.ts> [arguments]
// installs what is missing and hands over to the Node that came with the dependencies.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.catalyst-lock')
const oldestNode = [22, 15]

const [script, ...args] = process.argv.slice(2)
if (script === undefined) fail('usage: node local/bootstrap.mjs <script.ts> [arguments]')
await installWhatIsMissing()
handOver(bundledNode() ?? ownNode())

/** Installs when the lock file is not the one that `node_modules` was made from. */
async function installWhatIsMissing() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const stamp = createHash('sha256').update(lock).digest('hex')
  if (readIfThere(stampFile) === stamp) return
  if (!isInstalled(lock)) {
    console.error('Installing dependencies (about 40 s)')
    await runNpm(['ci', '--ignore-scripts', '--include=dev', '--include=optional'])
  }
  mkdirSync(modules, { recursive: true })
  writeFileSync(stampFile, stamp)
}

/**
 * Whether npm's own note of what it installed agrees with the lock file, as it does after a plain
 * `npm ci`. npm writes that note last, so a half-done installation has none.
 */
function isInstalled(lock) {
  const note = readIfThere(join(modules, '.package-lock.json'))
  if (note === null) return false
  const installed = JSON.parse(note).packages
  const wanted = Object.entries(JSON.parse(lock).packages).filter(([path]) => path !== '')
  return wanted.every(([path, { version, integrity, optional }]) => {
    const found = installed[path]
    // Packages for other systems are in the lock and not on the disk.
    if (found === undefined) return optional === true
    return found.version === version && found.integrity === integrity
  })
}

/** Runs npm quietly; ends this process with what npm said when it fails. */
function runNpm(command) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm']
  return new Promise((done) => {
    const child = spawn(program, [...before, ...command, ...quiet], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', (error) => fail(`npm could not be started: ${error.message}`))
    child.on('close', (code) => {
      if (code === 0) done()
      else fail(`Installing dependencies failed. npm said:\n${output.trim()}`)
    })
  })
}

function bundledNode() {
  const path = join(modules, `node-${process.platform}-${process.arch}/bin/node`)
  return existsSync(path) ? path : null
}

function ownNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  if (isNewEnough) return process.execPath
  return fail(
    `Catalyst needs Node ${oldestNode.join('.')} or newer on ${process.platform} ${process.arch}, ` +
      `and this is ${process.version}. (For Linux on x64 and arm64 it brings its own.)`,
  )
}

/**
 * Runs the script and ends as it ends. The pipe on descriptor 3 is never written to: it closes
 * when this process is gone, even by SIGKILL, and `parent-watch.ts` notices. Signals are passed
 * on; one typed at a terminal reaches the script twice, since the terminal sends it there too.
 */
function handOver(node) {
  const child = spawn(node, [resolve(root, script), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      PATH: [join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter),
      CATALYST_PARENT_PIPE: `3:${process.pid}`,
    },
  })
  child.stdio[3].on('error', () => undefined)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    if (node === process.execPath) fail(`${node} could not be started: ${error.message}`)
    // The bundled Node is made for glibc and cannot run on a system without it.
    handOver(ownNode())
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    for (const each of signals) process.removeAllListeners(each)
    process.kill(process.pid, signal)
    // Reached only for signals that this process ignores or cannot die of.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100)
  })
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
