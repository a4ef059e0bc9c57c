import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { roles } from '../../contract/api/roles.ts'
import { twoFactor } from '../../contract/api/two-factor.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { panelCaller } from '../../local/api.ts'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'

/** What a device with a fingerprint reader does, without the finger (WebAuthn, virtual authenticators). */
const device = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

describe('signing in', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    stack = await startStack()
    browser = await openBrowser()
    page = await newPage()
    const session = await page.context().newCDPSession(page)
    await session.send('WebAuthn.enable')
    await session.send('WebAuthn.addVirtualAuthenticator', { options: device })
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    removeStack(stack.dataDir)
  })

  const newPage = async () => {
    const made = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    made.setDefaultTimeout(10_000)
    made.on('pageerror', (error) => complaints.push(String(error)))
    return made
  }
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const see = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const section = (name: string) => page.getByRole('region', { name })
  const open = (path: string) => page.goto(new URL(path, stack.url).href)
  const atServers = () => page.getByRole('heading', { name: 'Servers' }).waitFor()
  const signOut = async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(/sign-in/)
  }
  const givePassword = async ({ email, password } = admin) => {
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await button('Sign in').click()
  }
  /** The recovery codes that are shown, once they are kept. */
  const keepCodes = async () => {
    const codes = await page.getByRole('dialog').locator('li').allTextContents()
    await button('I have kept them').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    return codes
  }
  const addPasskey = async (name: string, password: string) => {
    await button('Add a passkey').click()
    await page.getByRole('dialog').getByLabel('Name').fill(name)
    await page.getByLabel('Your password').fill(password)
    await button('Continue').click()
    await page.getByRole('dialog', { name: 'Keep your recovery codes' }).waitFor()
    return keepCodes()
  }

  test('a passkey is made in the browser and signs in without e-mail and password', async () => {
    await open('/account')
    await givePassword()
    const codes = await addPasskey('Laptop', admin.password)
    await section('Passkeys').getByText('Laptop').waitFor()
    await section('Passkeys').getByText('Never').waitFor()

    await signOut()
    await button('Sign in with a passkey').click()
    await atServers()

    expect(codes).toHaveLength(10)
    await open('/account')
    await section('Recovery codes').getByText('10 left.').waitFor()
    await section('Passkeys').getByText('Never').waitFor({ state: 'detached' })
  })

  test('the password alone is not enough any more: the passkey is asked for', async () => {
    await signOut()
    await givePassword()
    await see('Your account also asks for a passkey.')
    expect(await accessibilityBreaches(page)).toEqual([])
    await button('Sign in with a passkey').click()
    await atServers()
  })

  test('an authenticator app is set up by its secret, and its codes are asked for', async () => {
    await open('/account')
    await button('Set up an app').click()
    await page.getByLabel('Your password').fill(admin.password)
    await button('Continue').click()
    await page.getByRole('img', { name: 'QR code with the secret for the app' }).waitFor()
    const secret = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
    const app = new TOTP({ secret })
    await page.getByRole('textbox', { name: 'Code' }).fill(app.generate())
    await button('Confirm').click()
    await page.getByRole('dialog', { name: 'Keep your recovery codes' }).waitFor()
    const [recoveryCode = ''] = await keepCodes()
    await section('Authenticator app').getByText('Set up.').waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])

    await signOut()
    await givePassword()
    const code = page.getByRole('textbox', { name: 'Code', exact: true })
    await code.fill('000000')
    await button('Continue').click()
    await see('The code is wrong, expired or used already.')
    await code.fill(app.generate({ timestamp: Date.now() + 30_000 }))
    await button('Continue').click()
    await atServers()

    await signOut()
    await givePassword()
    await button('Use a recovery code').click()
    await page.getByRole('textbox', { name: 'Recovery code' }).fill(recoveryCode)
    await button('Continue').click()
    await atServers()
  })

  test('factors are removed again, by the password', async () => {
    await open('/account')
    await button('Remove the app').click()
    await page.getByLabel('Your password').fill('a wrong one')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Remove the authenticator app' })
      .click()
    await see('The current password is wrong.')
    await page.getByLabel('Your password').fill(admin.password)
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Remove the authenticator app' })
      .click()
    await section('Authenticator app').getByText('Not set up.').waitFor()

    await section('Passkeys').getByRole('button', { name: 'Remove' }).click()
    await page.getByLabel('Your password').fill(admin.password)
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the passkey' }).click()
    await section('Passkeys').getByText('None yet.').waitFor()
    await section('Recovery codes').waitFor({ state: 'detached' })
  })

  test('people change their own name, and are called by it at once', async () => {
    await section('You').getByLabel('Name').fill('Grace')
    await section('You').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Account of Grace' }).waitFor()
    await section('Activity').getByText('Changed their name').waitFor({ timeout: 20_000 })
    expect(await accessibilityBreaches(page)).toEqual([])
  })

  test('whose role asks for a second factor sees nothing else before it is set up', async () => {
    const bob = { email: 'bob@example.com', password: 'a password of his' }
    const token = readFileSync(join(stack.dataDir, 'secrets', 'operator-token'), 'utf8').trim()
    const call = panelCaller(stack.url, token)
    const { id: userId } = await call(users.create, { ...bob, name: 'Bob' })
    await call(roles.update, { roleId: builtinRoles.user.id, requiresTwoFactor: true })
    await signOut()
    await givePassword(bob)

    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor()
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0)
    expect(await accessibilityBreaches(page)).toEqual([])
    await addPasskey('Phone', bob.password)
    await atServers()

    await call(twoFactor.reset, { userId })
    await page.waitForURL(/sign-in/)
  })

  test('nothing broke on the way', () => {
    expect(complaints).toEqual([])
  })
})
