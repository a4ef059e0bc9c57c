import { describe, expect, test } from 'vitest'
import { templateDocuments } from '../../contract/api/template-documents.ts'
import { createWorld } from '../support/world.ts'
import { anEgg } from './eggs/corpus.ts'

const url = 'https://eggs.example/burrow.json'
const content = JSON.stringify(anEgg())
const redirect = (location: string) => () =>
  new Response(null, { status: 302, headers: { location } })

async function anAdmin() {
  const w = await createWorld()
  return { w, pages: w.documents.pages, admin: await w.admin() }
}

describe('a document on the internet', () => {
  test('is fetched with its report, and imported when it was looked at', async () => {
    const { admin, pages } = await anAdmin()
    pages.set(url, () => new Response(content))

    const fetched = await admin.call(templateDocuments.fetch, { url })
    const { template } = await admin.call(templateDocuments.import, { content: fetched.content })

    expect(fetched).toEqual({ content, format: 'ptdl_v2', report: [] })
    expect(template.name).toBe('Burrow')
  })

  test('is found through redirects, also to a part of the same address', async () => {
    const { admin, pages } = await anAdmin()
    pages.set('https://eggs.example/a', redirect('/b'))
    pages.set('https://eggs.example/b', redirect(url))
    pages.set(url, () => new Response(content))

    const fetched = await admin.call(templateDocuments.fetch, { url: 'https://eggs.example/a' })

    expect(fetched.format).toBe('ptdl_v2')
  })

  test.each([
    'http://eggs.example/a.json',
    'https://127.0.0.1/a.json',
    'https://127.1/a.json',
    'https://0x7f000001/a.json',
    'https://[::1]/a.json',
    'https://[::ffff:10.0.0.1]/a.json',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.5/a.json',
    'https://localhost/a.json',
    'https://panel.internal/a.json',
    'https://user:secret@eggs.example/a.json',
    'file:///etc/passwd',
    'nonsense',
  ])('at %s is not asked for, directly or by a redirect', async (inside) => {
    const { w, admin, pages } = await anAdmin()
    pages.set(url, redirect(inside))

    const direct = await admin.fails(templateDocuments.fetch, { url: inside })

    expect(direct).toMatchObject({ code: 'invalid_input', details: [{ path: ['url'] }] })
    expect(w.documents.asked).toEqual([])
    if (inside === 'nonsense') return // by a redirect it is a page of the same host
    const led = await admin.fails(templateDocuments.fetch, { url })
    expect(led).toMatchObject({ code: 'invalid_input', details: [{ path: ['url'] }] })
    expect(w.documents.asked).toEqual([url])
  })

  test.each([
    ['is not there', () => new Response('', { status: 404 }), 'It answers 404.'],
    ['cannot be reached', () => Promise.reject(new TypeError('no route')), 'It cannot be reached.'],
    [
      'does not answer',
      () => Promise.reject(new DOMException('late', 'TimeoutError')),
      'It did not answer in time.',
    ],
    ['leads round in circles', redirect(url), 'It leads on and on.'],
    ['is endless', () => new Response(endless()), 'It is too large for a template.'],
  ])('that %s is told', async (_what, answer, message) => {
    const { admin, pages } = await anAdmin()
    pages.set(url, answer)

    const failure = await admin.fails(templateDocuments.fetch, { url })

    expect(failure.details).toEqual([{ path: ['url'], message }])
  })

  test('that is no template is not handed on', async () => {
    const { admin, pages } = await anAdmin()
    pages.set(url, () => new Response('{"private": "page"}'))

    const failure = await admin.fails(templateDocuments.fetch, { url })

    expect(JSON.stringify(failure)).not.toContain('page')
  })
})

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(100_000).fill(32)) })
}
