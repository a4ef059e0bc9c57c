import type { BuildOptions, Plugin } from 'esbuild'

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

/** The agent as one file that any Node from 22.15 on runs. */
export const agentBundle = {
  entryPoints: ['agent/main.ts'],
  bundle: true,
  platform: 'node',
  target: 'node22.15',
  format: 'esm',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [leaveOut],
  // What the package gives to Node looks its own files up at run time, where a bundle has none.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  banner: {
    js: [
      "import { createRequire as createRequireForBundle } from 'node:module'",
      'const require = createRequireForBundle(import.meta.url)',
    ].join('\n'),
  },
} as const satisfies BuildOptions
