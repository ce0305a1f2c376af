import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage, type WatchedPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { confirmIfAsked, giveAgain, setUp, signIn } from './steps.ts'

/** People, passkeys, devices, tokens and what was done, as they show to a person. */

let browser: Browser
let served: ServedPage
let url: string
before(async () => {
  browser = await launchChromium()
})
after(() => browser.close())

const open: WatchedPage[] = []
const contexts: { close(): Promise<void> }[] = []
afterEach(async () => {
  const complaints = open.splice(0).flatMap(({ complaints }) => complaints)
  for (const context of contexts.splice(0)) await context.close()
  await served.close()
  assert.deepEqual(complaints, [])
})

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const DESKTOP = { viewport: { width: 1440, height: 900 } }

async function openAt(address: string, options: Parameters<typeof openPage>[2] = DESKTOP): Promise<Page> {
  const watched = await openPage(browser, address, options)
  open.push(watched)
  contexts.push(watched.page.context())
  return watched.page
}

/** By name, as passkeys need it. */
async function ready(options: Parameters<typeof openPage>[2] = DESKTOP): Promise<Page> {
  served = await servePage()
  url = served.url.replace('127.0.0.1', 'localhost')
  const page = await openAt(url, options)
  await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/elm'])
  return page
}

async function withAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

for (const [size, options] of [
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const)
  test(`a passkey is added, signs in, and is removed (${size})`, async () => {
    const page = await ready(options)
    await withAuthenticator(page)
    await page.goto(`${url}#/security`)
    await page.getByLabel('What it is called').fill('phone')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('The passkey is added').waitFor()
    await page.evaluate(() => fetch('api/session', { method: 'DELETE', headers: { 'x-holt': '1' } }))
    await page.reload()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByRole('heading', { name: 'Is it secure?' }).waitFor()
    await page.getByText('You have a passkey.').waitFor()
    await page.getByRole('button', { name: 'Remove the passkey phone' }).click()
    await page.getByText('The passkey phone opens this page no more').waitFor()
  })

test('where passkeys cannot work the page says so', async () => {
  await ready()
  const page = await openAt(served.url)
  await signIn(page)
  await page.goto(`${served.url}#/security`)
  await page.getByText('Browsers have passkeys only where').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
})

test('somebody is invited, comes in by the link on a phone, sees what is theirs and shared, and is removed', async () => {
  const owner = await ready()
  served.node.tree.makeDirectory('/photos')
  served.node.tree.makeDirectory('/private')
  await owner.goto(`${url}#/security`)
  await owner.getByRole('button', { name: 'Invite somebody' }).click()
  await owner.getByLabel('Name', { exact: true }).fill('Anna')
  await owner.getByLabel('Folder or file').fill('/photos')
  await owner.getByRole('button', { name: 'Add', exact: true }).click()
  await owner.getByRole('button', { name: 'Make the invitation' }).click()
  await confirmIfAsked(owner, owner.getByLabel('Link'))
  const link = await owner.getByLabel('Link').inputValue()
  assert.match(link, /#\/invited\/[2-9A-Z]{25}$/)
  await owner.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  const anna = await openAt(link, PHONE)
  await anna.getByRole('heading', { name: 'Hello, Anna' }).waitFor()
  await anna.getByLabel('Your password').fill('hares in the other wood')
  await anna.getByLabel('The new one again').fill('hares in the other wood')
  await anna.getByRole('button', { name: 'Come in' }).click()
  await anna.getByText('photos').first().waitFor()
  assert.equal(await anna.getByText('private').count(), 0)
  await anna.getByText('people').first().waitFor()
  await anna.getByRole('button', { name: 'More for photos' }).click()
  await anna.getByRole('menuitem', { name: 'Open', exact: true }).waitFor()
  assert.equal(await anna.getByRole('menuitem', { name: 'Share by link' }).count(), 0, 'links are for the owner to make')
  await anna.keyboard.press('Escape')
  const places = await anna.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()
  assert.deepEqual(places, ['Files', 'Security', 'Activity', 'Trash', 'News'])
  await anna.goto(`${url}#/security`)
  await anna.getByRole('heading', { name: 'Your password' }).waitFor()
  assert.equal(await anna.getByRole('heading', { name: 'People' }).count(), 0)

  await owner.reload()
  await owner.getByRole('button', { name: 'Remove Anna' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await confirmIfAsked(owner, owner.getByText('Anna is removed'))
  await anna.reload()
  await anna.getByRole('button', { name: 'Sign in' }).waitFor()
  const late = await openAt(link, PHONE)
  await late.getByText('This invitation was used').waitFor()
})

test('what others do shows as it happens, and can be looked for', async () => {
  const owner = await ready()
  await owner.goto(`${url}#/activity`)
  await owner.getByText('finished the set-up').waitFor()
  const other = await openAt(served.url)
  await other.getByLabel('Owner password').fill('a wrong password')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.getByText('The password is not right').waitFor()
  await signIn(other)
  await other.getByRole('navigation', { name: 'Main' }).waitFor()
  await owner.getByText('signed in', { exact: true }).nth(1).waitFor()
  await owner.getByLabel('Who').selectOption({ label: 'Not signed in' })
  await owner.getByText('finished the set-up').waitFor({ state: 'detached' })
  await owner.getByText('refused').first().waitFor()
})

test('devices are signed out from afar; a token is made, shown once, and revoked', async () => {
  const owner = await ready()
  const other = await openAt(served.url, PHONE)
  await signIn(other)
  await other.getByRole('navigation', { name: 'Main' }).waitFor()
  await owner.goto(`${url}#/security`)
  await owner.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await owner.getByText('You are signed in here only').waitFor()
  await other.reload()
  await other.getByRole('button', { name: 'Sign in' }).waitFor()

  await owner.getByRole('button', { name: 'Make a token' }).click()
  await owner.getByLabel('What for').fill('photo backup')
  await owner.getByRole('button', { name: 'Make it' }).click()
  await confirmIfAsked(owner, owner.getByLabel('Token', { exact: true }))
  const token = await owner.getByLabel('Token', { exact: true }).inputValue()
  assert.equal(
    await owner.evaluate(() => document.activeElement?.textContent),
    await owner.getByRole('dialog').getByRole('heading').textContent(),
    'told anew',
  )
  const answer = await fetch(`${served.url}api/files?path=/`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(answer.status, 200)
  await owner.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  await owner.getByRole('button', { name: 'Revoke the token photo backup' }).click()
  await owner.getByText('The token photo backup holds no more').waitFor()
  const refused = await fetch(`${served.url}api/files?path=/`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(refused.status, 401)

  await owner.getByRole('button', { name: 'Make an app password' }).click()
  await owner.getByLabel('For which device or program').fill('laptop')
  await owner.getByRole('button', { name: 'Make it' }).click()
  const made = owner.getByRole('dialog').getByLabel('App password', { exact: true })
  await made.waitFor()
  const authorization = `Basic ${btoa(`anybody:${await made.inputValue()}`)}`
  const drive = async (): Promise<number> => (await fetch(`${served.url}dav/`, { headers: { authorization } })).status
  assert.equal(await drive(), 200)
  await owner.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  await owner.getByRole('button', { name: 'Revoke the app password laptop' }).click()
  await owner.getByText('The app password laptop holds no more').waitFor()
  assert.equal(await drive(), 401)
})

for (const [size, options] of [
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const)
  test(`a page that was left open asks who it is, on every page, once for five minutes (${size})`, async () => {
    const owner = await ready(options)
    await withAuthenticator(owner)
    served.later(6 * 60_000)
    const asked = owner.getByRole('dialog', { name: 'Is it you?' })
    const add = async (folder: string): Promise<void> => {
      await owner.getByLabel('Add a folder').fill(folder)
      await owner.getByRole('button', { name: 'Add', exact: true }).click()
    }
    await owner.goto(`${url}#/storage`)
    await owner.getByRole('button', { name: 'Add drive' }).first().click()
    await add('/mnt/birch')
    await asked.waitFor()
    await owner.keyboard.press('Escape')
    await owner.getByText('Cancelled.').first().waitFor()
    assert.equal(served.node.drives.length, 4)
    await add('/mnt/birch')
    await giveAgain(owner)
    await owner.locator('.drive', { hasText: '/mnt/birch' }).waitFor()
    // on another page, within the five minutes
    await owner.goto(`${url}#/security`)
    await owner.getByRole('button', { name: 'Make a token' }).click()
    await owner.getByLabel('What for').fill('photo backup')
    await owner.getByRole('button', { name: 'Make it' }).click()
    await owner.getByLabel('Token', { exact: true }).waitFor()
    assert.equal(await asked.count(), 0)
  })
