import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './browser.ts'
import { openPlace, PASSPHRASE, PASSWORD, setUp, signIn } from './steps.ts'
import { inWorld } from './world.ts'

/** In and out, and the owner's own password. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('signs out and in; a wrong password is told; a session that ended asks again', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    await page.evaluate(() => Object.assign(window, { before: true }))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Owner password').fill('not the password')
    assert.equal(await page.evaluate(() => 'before' in window), false, 'nothing of before is in memory')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The password is not right.').waitFor()
    await signIn(page)
    await page.getByRole('heading', { name: 'Files' }).waitFor()
    await page.context().clearCookies()
    await openPlace(page, 'Storage')
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await signIn(page)
    await page.getByRole('heading', { name: 'Drives' }).waitFor()
  })
})

test('changes the password and saves the backup file again', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    await openPlace(page, 'Owner')
    await page.getByLabel('Passphrase for the file').fill(PASSPHRASE)
    await page.getByLabel('The same again').fill(PASSPHRASE)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save backup file' }).click()])
    assert.match((await readFile(await download.path())).toString(), /^age-encryption/)
    await page.getByLabel('Password now').fill(PASSWORD)
    await page.getByLabel('New password').fill('quite another one')
    await page.getByLabel('The new one again').fill('quite another one')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('The password is changed').waitFor()
    await openPlace(page, 'Files')
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})
