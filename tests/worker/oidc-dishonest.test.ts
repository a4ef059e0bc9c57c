import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { oidc, oidcProviders } from '../../contract/api/oidc.ts'
import { externalIdentities } from '../../worker/db/schema/sign-in.ts'
import { createOidcGate } from '../../worker/oidc/gate.ts'
import { aProvider } from '../support/oidc-inputs.ts'
import { panelBrowser } from '../support/panel-browser.ts'
import { clientSecret, type Person, providerOfTest } from '../support/real-provider.ts'
import { createWorld, origin } from '../support/world.ts'

const ann: Person = { sub: 'ann-1', email: 'ann@example.net', email_verified: true, name: 'Ann' }

/** Somebody who is linked comes back from a provider, which then begins to lie. */
async function onTheWayBack() {
  const w = await createWorld({ oidc: createOidcGate({ fetch, allowsPrivate: true }) })
  const idp = await providerOfTest(ann)
  const { id: providerId } = await aProvider(w, { issuer: idp.issuer, secret: clientSecret })
  const { id: userId } = await w.user()
  const link = { providerId, subject: ann.sub, userId, createdAt: 0 }
  await w.deps.db.insert(externalIdentities).values(link)
  const browser = panelBrowser(w)
  const { url } = await browser.call(oidc.begin, { providerId })
  const answer = await browser.visit(url)
  const refused = async () => {
    const failure = await browser.fails(oidc.finish, answer)
    expect((await browser.fails(auth.me, {})).code).toBe('unauthenticated')
    return failure
  }
  return { w, idp, url: new URL(url), browser, answer, refused }
}

/** Replaces the ID token in what the token endpoint answers. */
function withIdToken(change: (token: string) => string) {
  return (path: string, body: string) => {
    if (path !== '/token') return body
    const tokens: { id_token: string } = JSON.parse(body)
    return JSON.stringify({ ...tokens, id_token: change(tokens.id_token) })
  }
}

describe('an ID token', () => {
  test('that was made for another audience opens nothing, with the right nonce and signature', async () => {
    const { w, idp, url, browser, refused } = await onTheWayBack()
    const other = new URL(url)
    other.searchParams.set('client_id', 'other')
    other.searchParams.delete('code_challenge')
    other.searchParams.delete('code_challenge_method')
    const { code = '' } = await browser.visit(other.href)
    const response = await fetch(`${idp.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`other:${encodeURIComponent(clientSecret)}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${origin}/sign-in/oidc`,
      }),
    })
    const { id_token }: { id_token: string } = await response.json()
    expect(id_token.split('.')).toHaveLength(3)
    idp.bend = withIdToken(() => id_token)

    expect(await refused()).toMatchObject({ status: 502, code: 'provider_failed' })
    expect(w.logged.join()).toContain('aud')
  })

  test('that was made for another sign-in opens nothing', async () => {
    const { w, idp, browser, refused } = await onTheWayBack()
    const [provider] = await browser.call(oidc.providers, {})
    if (provider === undefined) throw new Error('no provider')
    const earlier: string[] = []
    idp.bend = withIdToken((token) => {
      earlier.push(token)
      return token
    })
    const twin = panelBrowser(w)
    await twin.call(oidc.finish, await twin.goTo(provider.id))
    idp.bend = withIdToken(() => earlier[0] ?? '')

    expect(earlier).toHaveLength(1)
    expect((await refused()).code).toBe('provider_failed')
    expect(w.logged.join()).toContain('nonce')
  })

  test('with a changed name or signature opens nothing', async () => {
    const changes = [
      (token: string) => token.replace(/[^.]+$/, (signature) => signature.replace(/^./, other)),
      (token: string) => token.replace(/\.[^.]+\./, '.e30.'),
      (token: string) => token.replace(/^[^.]+/, btoa('{"alg":"none"}').replaceAll('=', '')),
      () => '',
    ]
    for (const change of changes) {
      const { idp, refused } = await onTheWayBack()
      idp.bend = withIdToken(change)

      expect((await refused()).code).toBe('provider_failed')
    }
  })
})

function other(letter: string): string {
  return letter === 'A' ? 'B' : 'A'
}

describe('a provider', () => {
  test('whose userinfo is about somebody else opens nothing', async () => {
    const { idp, refused } = await onTheWayBack()
    idp.bend = (path, body) => (path === '/me' ? body.replace('ann-1', 'bob-1') : body)

    expect((await refused()).code).toBe('provider_failed')
  })

  test('that answers in the name of another opens nothing', async () => {
    const { browser, answer } = await onTheWayBack()

    for (const iss of ['https://evil.example', undefined]) {
      const { iss: _own, ...rest } = answer
      const said = iss === undefined ? rest : { ...rest, iss }
      const failure = await browser.fails(oidc.finish, said)
      expect(['provider_failed', 'sign_in_expired']).toContain(failure.code)
    }
    expect((await browser.fails(auth.me, {})).code).toBe('unauthenticated')
  })

  test('that floods, is not JSON or leads elsewhere is given up', async () => {
    const lies = ['x'.repeat(300_000), '<html>', '[]', 'null', '']
    for (const lie of lies) {
      const { idp, refused } = await onTheWayBack()
      idp.bend = (path, body) => (path === '/token' ? lie : body)

      expect((await refused()).code).toBe('provider_failed')
    }
  })

  test('never sees its client secret in an answer or a log of the panel', async () => {
    const { w, idp, refused } = await onTheWayBack()
    idp.bend = (path, body) =>
      path === '/token'
        ? JSON.stringify({ error: 'invalid_request', error_description: clientSecret })
        : body

    const failure = await refused()

    expect(JSON.stringify(failure)).not.toContain(clientSecret)
    expect(w.logged.join()).not.toContain(clientSecret)
  })
})

describe('the configuration of a provider', () => {
  const addresses = ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint']
  const inside = ['https://169.254.169.254/', 'https://[::ffff:10.0.0.1]/', 'https://2130706433/']

  test('may name no address inside, wherever it stands', async () => {
    for (const name of addresses) {
      for (const address of inside) {
        const idp = await providerOfTest(ann)
        const asked: string[] = []
        const gate = createOidcGate({
          allowsPrivate: false,
          fetch: async (url) => {
            asked.push(String(url))
            const response = await fetch(`${idp.issuer}/.well-known/openid-configuration`)
            const text = (await response.text()).replaceAll(idp.issuer, 'https://id.example.com')
            return Response.json({ ...JSON.parse(text), [name]: address })
          },
        })

        const found = await gate.probe('https://id.example.com')

        expect(found).toMatchObject({ ok: false, fault: 'broken' })
        expect(JSON.stringify(found)).toContain(name)
        expect(asked).toEqual(['https://id.example.com/.well-known/openid-configuration'])
      }
    }
  })

  test('is not asked for inside, nor where it leads on to', async () => {
    const asked: string[] = []
    const gate = createOidcGate({
      allowsPrivate: false,
      fetch: async (url, init) => {
        asked.push(String(url))
        expect(init?.redirect).toBe('manual')
        return new Response(null, { status: 302, headers: { location: inside[0] ?? '' } })
      },
    })

    for (const issuer of [...inside, 'http://id.example.com', 'http://127.0.0.1:9', 'https://a']) {
      expect(await gate.probe(issuer)).toMatchObject({ ok: false })
    }
    expect(asked).toEqual([])
    expect(await gate.probe('https://id.example.com')).toMatchObject({
      ok: false,
      said: 'It answers 302, not what was asked for.',
    })
    expect(asked).toEqual(['https://id.example.com/.well-known/openid-configuration'])
  })

  test('can be tried by who may change settings, and they hear what is wrong', async () => {
    const { w, idp } = await onTheWayBack()
    const admin = await w.admin()
    const said = async (issuer: string) => (await admin.call(oidcProviders.test, { issuer })).said

    expect(await admin.call(oidcProviders.test, { issuer: idp.issuer })).toMatchObject({
      works: true,
    })
    expect(await said(`${idp.issuer}/elsewhere`)).toContain('404')
    expect(await said('http://127.0.0.1:9')).toContain('It does not answer')
    idp.bend = (_path, body) =>
      body.replace(/"issuer":"[^"]+"/, '"issuer":"https://id.example.com"')
    expect(await said(idp.issuer)).toContain('https://id.example.com')
    idp.bend = (_path, body) => body.replace('"token_endpoint"', '"nothing"')
    expect(await said(idp.issuer)).toContain('token_endpoint')
  })
})
