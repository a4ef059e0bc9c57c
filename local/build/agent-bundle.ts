import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'
import * as z from 'zod'

/** What the installer has to know of the locked Node packages. */
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
})

/** Doors of the engine's client that the agent never opens: image builds, and engines behind SSH. */
const unused = /^(\.\/session|\.\/buildkit|ssh2|\.\/ssh)$/

/** Leaves them out of the bundle; whoever came to call one would be told so. */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: unused }, ({ path, importer }) =>
      /node_modules\/(dockerode|docker-modem)\//.test(importer)
        ? { path, namespace: 'left-out' }
        : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error('${path} is not part of the agent') }`,
    }))
  },
}

/**
 * Bundles the agent into one file that any Node from 22.15 on runs, and puts it where the panel serves it
 * to nodes that join.
 */
await build({
  entryPoints: ['agent/main.ts'],
  outfile: 'dist/agent/agent.mjs',
  bundle: true,
  platform: 'node',
  target: 'node22.15',
  format: 'esm',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [leaveOut],
  banner: {
    js: [
      "import { createRequire as createRequireForBundle } from 'node:module'",
      'const require = createRequireForBundle(import.meta.url)',
    ].join('\n'),
  },
})
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
