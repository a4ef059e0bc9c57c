import { copyFileSync, mkdirSync } from 'node:fs'

/** The reference's viewer is served from here like everything else, so that the page works offline. */
mkdirSync('dist/web/api-docs', { recursive: true })
copyFileSync(
  'node_modules/@scalar/api-reference/dist/browser/standalone.js',
  'dist/web/api-docs/scalar.js',
)
