import { expect } from 'vitest'
import { oidc } from '../../contract/api/oidc.ts'
import type { CallInput } from '../../contract/endpoint.ts'
import type { ProviderId } from '../../contract/ids.ts'
import { origin, type World } from './world.ts'
import { clientOf, type Send } from './world-client.ts'

/** Cookies by their site and name, as a browser keeps and sends them. */
class CookieJar {
  private readonly kept = new Map<string, Map<string, string>>()

  header(site: string): string {
    const cookies = [...(this.kept.get(site) ?? [])]
    return cookies.map(([name, value]) => `${name}=${value}`).join('; ')
  }

  keep(site: string, { headers }: Response): void {
    const cookies = this.kept.get(site) ?? new Map<string, string>()
    this.kept.set(site, cookies)
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }

  names(site: string): string[] {
    return [...(this.kept.get(site)?.keys() ?? [])]
  }
}

/** A browser that goes to a provider and comes back, as far as HTTP has to do with it. */
export function panelBrowser(w: World) {
  const jar = new CookieJar()
  const send: Send = async (path, init = {}) => {
    const headers = new Headers(init.headers)
    const cookies = jar.header(origin)
    if (cookies !== '') headers.set('cookie', cookies)
    if ((init.method ?? 'GET') !== 'GET') headers.set('origin', origin)
    const response = await w.send(path, { ...init, headers })
    jar.keep(origin, response)
    return response
  }
  const panel = clientOf(send, {})
  /** @returns what the panel's page is opened with in the end */
  const visit = async (url: string): Promise<CallInput<typeof oidc.finish>> => {
    let next = new URL(url)
    for (let steps = 0; steps < 10; steps += 1) {
      if (next.origin === origin) return answerIn(next)
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: jar.header(next.origin) },
      })
      jar.keep(next.origin, response)
      const location = response.headers.get('location')
      expect(location, `${next} answers ${response.status} ${await response.text()}`).not.toBeNull()
      next = new URL(location ?? '', next)
    }
    throw new Error('the provider does not come to an end')
  }
  return {
    ...panel,
    cookies: () => jar.names(origin),
    visit,
    /** To the provider and back; what comes is not handed in yet. */
    goTo: async (providerId: ProviderId, rememberMe = false) => {
      const { url } = await panel.call(oidc.begin, { providerId, rememberMe })
      return visit(url)
    },
  }
}

function answerIn({ pathname, searchParams }: URL): CallInput<typeof oidc.finish> {
  expect(pathname).toBe('/sign-in/oidc')
  const { state = '', code, iss, error } = Object.fromEntries(searchParams)
  return {
    state,
    ...(code === undefined ? {} : { code }),
    ...(iss === undefined ? {} : { iss }),
    ...(error === undefined ? {} : { error }),
  }
}
