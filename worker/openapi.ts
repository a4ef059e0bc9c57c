import type { Api } from './http/mount.ts'
import { version } from './version.ts'

/** Serves the API's own description, made from the endpoint table. */
export function serveDocument(app: Api): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-catalyst',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that signing in answers.',
  })
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Catalyst',
      version,
      description: 'Everything the panel does, it does through this API.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { bearer: [] }],
  })
}
