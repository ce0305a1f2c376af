import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { openPlace, PASSWORD, setUp, signIn } from './steps.ts'

/** The page over HTTPS and without, in a real browser. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('the wizard and the page of the owner offer the authority, and the page is the same over HTTPS', async (context) => {
  const served = await servePage({ https: true })
  context.after(() => served.close())
  const { page, complaints } = await openPage(browser, served.url)
  await page.getByText('Encrypt the way to this page').click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download the authority' }).click()])
  assert.equal(file.suggestedFilename(), 'holt-authority.crt')
  const authority = new X509Certificate(await readFile(await file.path()))
  assert.equal(authority.fingerprint256, served.admin.https?.fingerprint)
  const shown = page.getByRole('img', { name: authority.fingerprint256 })
  assert.equal((await shown.innerText()).replace(/\s+/g, ':'), authority.fingerprint256)
  await setUp(page, served.code, [])
  await openPlace(page, 'Owner')
  await page.getByText('This page came unencrypted').waitFor()
  const address = (await page.getByRole('link', { name: /^https:/ }).getAttribute('href')) ?? ''
  assert.equal(address, served.admin.https?.url)
  assert.deepEqual(complaints, [])
  await page.context().close()

  const secure = await openPage(browser, address, { ignoreHTTPSErrors: true })
  await signIn(secure.page)
  await openPlace(secure.page, 'Files')
  await secure.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  await secure.page.reload()
  await secure.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  await secure.page
    .locator('input[data-upload=files]')
    .setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('otters') }])
  await secure.page.getByText('a.txt').first().waitFor()
  await openPlace(secure.page, 'Owner')
  await secure.page.getByText('This page came encrypted.').waitFor()
  const cookies = await secure.page.context().cookies(address)
  assert.ok(cookies.length === 2 && cookies.every(({ secure: only, httpOnly, name }) => only && httpOnly && name.startsWith('__Host-')))
  // signed in there, and a stranger here; signing in here changes nothing there
  await secure.page.goto(`${served.url}#/files`)
  await secure.page.getByLabel('Owner password').fill(PASSWORD)
  await secure.page.getByRole('button', { name: 'Sign in' }).click()
  await secure.page.getByRole('link', { name: 'a.txt' }).waitFor()
  await secure.page.goto(`${address}#/files`)
  await secure.page.getByRole('link', { name: 'a.txt' }).waitFor()
  // by which the page knows that this browser does not trust the authority: with a certificate that was clicked through it takes no worker
  const isExpected = (text: string): boolean => text.startsWith('request to http') || text.includes('SSL certificate error')
  assert.deepEqual(
    secure.complaints.filter((text) => !isExpected(text)),
    [],
  )
  await secure.page.context().close()
})

test('a page without HTTPS offers none', async (context) => {
  const served = await servePage()
  context.after(() => served.close())
  const { page } = await openPage(browser, served.url)
  await page.getByLabel('Set-up code').waitFor()
  await setUp(page, served.code, [])
  await openPlace(page, 'Owner')
  await page.getByRole('heading', { name: 'Root key' }).waitFor()
  assert.equal(await page.getByText('Encrypted connection').count(), 0)
  await page.context().close()
})
