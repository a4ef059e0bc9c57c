export interface Part {
  readonly name: 'panel' | 'API page' | 'agent' | 'worker'
  /** Folders and files whose change means that it has to be built again. */
  readonly sources: readonly string[]
  /** What must be there afterwards. */
  readonly output: string
  readonly command: readonly string[]
  /** It puts files into the panel's folder, which the panel's own build empties. */
  readonly intoPanel?: true
}

/** The bundles, in the order they are built: the panel's folder is emptied first, the agent is served from it. */
export const parts: readonly Part[] = [
  {
    name: 'panel',
    sources: ['web', 'contract', 'package-lock.json'],
    output: 'dist/web/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'],
  },
  {
    name: 'API page',
    sources: ['local/build', 'package-lock.json'],
    output: 'dist/web/api-docs/scalar.js',
    command: ['local/build/api-page.ts'],
    intoPanel: true,
  },
  {
    name: 'agent',
    sources: ['agent', 'contract', 'local/build', 'package-lock.json'],
    output: 'dist/agent/agent.mjs',
    command: ['local/build/agent-bundle.ts'],
    intoPanel: true,
  },
  {
    name: 'worker',
    sources: ['worker', 'durable-objects', 'contract', 'wrangler.toml', 'package-lock.json'],
    output: 'dist/worker/index.js',
    command: [
      'node_modules/wrangler/bin/wrangler.js',
      'deploy',
      '--dry-run',
      '--outdir',
      'dist/worker',
      '--minify',
    ],
  },
]
