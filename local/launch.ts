import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type PanelCall, panelCaller } from './api.ts'
import { buildAll } from './build/build-all.ts'
import { startDatabase } from './database.ts'
import { type MakeDemo, reportDemo, watchDemo } from './demo/demo-watch.ts'
import { ensureOpenttdImage } from './demo/openttd-image.ts'
import { openttdTemplate } from './demo/openttd-template.ts'
import { type DockerReadiness, prepareDocker } from './docker-preflight.ts'
import { demoTemplate, firstAdmin, joinToken } from './first-run.ts'
import { holdInstallation } from './installation-lock.ts'
import { joinedNode, joinPanel, type LocalNode, startAgent } from './node.ts'
import type { Options } from './options.ts'
import { openLineLog } from './processes/line-log.ts'
import { endOrphan } from './processes/pid-file.ts'
import type { SupervisedChild } from './processes.ts'
import { startWorker } from './worker.ts'

export interface Launch {
  readonly options: Options
  readonly say: (line: string) => void
  /** Null where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<boolean>) | null
  /** Aborted: stop everything but the game servers. */
  readonly signal: AbortSignal
}

const children = ['libsql', 'panel', 'agent'] as const

/**
 * Runs the whole panel on this machine until the signal is given: database, Worker, and an agent on this
 * machine's Docker. Resolves when all of it is stopped; game servers go on.
 * @throws Error with a sentence for people when something cannot be started
 */
export async function launch({ options, say, ask, signal }: Launch): Promise<void> {
  const runDir = join(options.data, 'run')
  mkdirSync(runDir, { recursive: true, mode: 0o700 })
  const pidFile = (name: (typeof children)[number]) => join(runDir, `${name}.pid`)
  using _held = holdInstallation(runDir)
  await using started = new Started()
  for (const name of children) await endOrphan(pidFile(name), 5_000)

  await buildAll({ log: say, force: false })
  const log = openLineLog(join(options.data, 'logs', 'panel.log'))
  const database = await startDatabase(options.data, pidFile('libsql'), log)
  started.add(database.child)
  const worker = await startWorker(options, database, pidFile('panel'), log)
  started.add(worker.child)
  const call = panelCaller(worker.url, worker.operatorToken)
  const link = await firstAdmin(call, worker.url, adminOf(options))

  if (options.noAgent) await reportDemo(call, 'unavailable')
  else {
    const docker = await prepareDocker({
      yes: options.yes,
      ask,
      engineLog: join(options.data, 'logs', 'dockerd.log'),
      say,
    })
    await offerDemo({ call, options, say, signal }, docker)
    const dataDir = join(options.data, 'node')
    const node = { panelUrl: worker.url, dataDir, pidFile: pidFile('agent'), log }
    const agent = await startNode(call, node, docker, say)
    if (agent !== null) started.add(agent)
  }

  if (link !== null)
    say(`\nCreate the first administrator with this link (once, 24 hours):\n${link}\n`)
  say(`Logs are in ${join(options.data, 'logs')}. Ctrl+C stops the panel; game servers go on.`)
  say(`ready ${worker.url.origin}`)
  if (!signal.aborted) await once(signal, 'abort')
  say('Stopping. Game servers go on.')
}

function adminOf({ adminEmail, adminPassword }: Options) {
  if (adminEmail === null || adminPassword === null) return null
  return { email: adminEmail, password: adminPassword }
}

interface DemoOffer extends Pick<Launch, 'options' | 'say' | 'signal'> {
  readonly call: PanelCall
}

/** Makes the demo at once when the command line wants it; else when somebody in the panel does. */
async function offerDemo(
  { call, options, say, signal }: DemoOffer,
  docker: DockerReadiness,
): Promise<void> {
  if (!docker.ready) return reportDemo(call, 'unavailable')
  const make: MakeDemo = async (tell) => {
    await ensureOpenttdImage(join(options.data, 'cache'), tell)
    await demoTemplate(call, openttdTemplate)
  }
  if (options.demo) {
    await make(say)
    await reportDemo(call, 'ready')
  } else {
    watchDemo(call, make, signal).catch((error: unknown) =>
      say(`The demo is not offered: ${error}`),
    )
  }
}

async function startNode(
  call: PanelCall,
  node: LocalNode,
  docker: DockerReadiness,
  say: (line: string) => void,
): Promise<SupervisedChild | null> {
  if (!docker.ready) {
    say(
      `${docker.reason} The panel runs without a node on this machine.\nTo get one: ${docker.command}`,
    )
    return null
  }
  const token = await joinToken(call, joinedNode(node.dataDir))
  if (token !== null) await joinPanel(node, token)
  return startAgent(node)
}

/** What was started, stopped in the opposite order however the launch ends. */
class Started implements AsyncDisposable {
  readonly #children: SupervisedChild[] = []

  add(child: SupervisedChild): void {
    this.#children.unshift(child)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child.stop()
  }
}
