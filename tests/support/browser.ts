import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium as engine, type Page } from 'playwright-core'
import { expect } from 'vitest'
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

/** Widths of a desk and of a small phone, in pixels. */
export const widths = [1280, 360] as const
const [wide] = widths

/** Holds that nothing of the page as it is shown now keeps people out or lies beside it, wide or narrow. */
export async function expectUsable(page: Page): Promise<void> {
  for (const width of widths) await expectUsableAt(page, width)
  await resize(page, wide)
}

export async function expectUsableAt(page: Page, width: number): Promise<void> {
  await resize(page, width)
  expect(await accessibilityBreaches(page)).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${page.url()} at ${width}`).toBeLessThanOrEqual(0)
}

export function resize(page: Page, width: number): Promise<void> {
  return page.setViewportSize({ width, height: 900 })
}
