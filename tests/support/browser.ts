import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium as engine, type Page } from 'playwright-core'
import { chromium } from './prepare-machine.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium, headless. */
export function openBrowser(): Promise<Browser> {
  return engine.launch({ executablePath: chromium, args: flags })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Breaches of WCAG 2 A and AA on the page as it is shown now, as `rule: element`. */
export async function accessibilityBreaches(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof import('axe-core') } // just loaded
    const { violations } = await loaded.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}
