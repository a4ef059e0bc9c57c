import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/**
 * Four kinds of test, one project each. `unit` needs nothing but Node; `objects` runs inside workerd; `system` starts the real
 * stack and needs Docker; `browser` needs Chromium besides.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'tests/*.test.ts',
            'tests/{contract,worker,agent,local,core,panel}/**/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './tests/objects/wrangler.toml' } })],
        test: { name: 'objects', include: ['tests/objects/**/*.test.ts'], testTimeout: 20_000 },
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
