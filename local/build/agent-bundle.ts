import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import * as z from 'zod'
import { agentBundle } from './agent-options.ts'

/** What the installer has to know of the locked Node packages. */
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
})

/** Bundles the agent and puts it where the panel serves it to nodes that join. */
await build({ ...agentBundle, outfile: 'dist/agent/agent.mjs' })
mkdirSync('dist/web/agent', { recursive: true })
copyFileSync('dist/agent/agent.mjs', 'dist/web/agent/agent.mjs')

const lock = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
const locked = (arch: string) => lock.packages[`node_modules/node-linux-${arch}`]
/** npm writes `sha512-<base64>`; the tools of a bare machine compare hexadecimal. */
const sha512 = (arch: string) => {
  const [, base64 = ''] = /^sha512-(.+)$/.exec(locked(arch)?.integrity ?? '') ?? []
  return Buffer.from(base64, 'base64').toString('hex')
}
writeFileSync(
  'dist/web/install.sh',
  readFileSync('agent/install.sh', 'utf8')
    .replace('@NODE_VERSION@', locked('x64')?.version ?? '')
    .replace('@NODE_SHA512_X64@', sha512('x64'))
    .replace('@NODE_SHA512_ARM64@', sha512('arm64')),
)
