import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/**
 * Five kinds of test, one project each. `unit` needs nothing but Node, `simulation` a minute or two of it as well; `objects` runs
 * inside workerd; `system` starts the real stack and needs Docker; `browser` needs Chromium besides.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'tests/*.test.ts',
            'tests/{contract,worker,agent,local,core,panel,faults}/**/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './tests/objects/wrangler.toml' },
            miniflare: { bindings: { EVICTIONS: process.env.EVICTIONS ?? '20' } },
          }),
        ],
        test: { name: 'objects', include: ['tests/objects/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/docker/**/*.test.ts', 'tests/system/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
