import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './browser.ts'
import { confirmWords, makeKey, PASSPHRASE, PASSWORD, setPassword, typeCode } from './steps.ts'
import { inWorld } from './world.ts'

/** The set-up in a real browser, step by step. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('the wizard tells wrong codes and words, survives reloads, and leads to the files', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await typeCode(page, 'WRONG234')
    await page.getByText('The code is not right.').waitFor()
    await typeCode(page, served.code.toLowerCase())
    await page.getByLabel('Password', { exact: true }).fill('short')
    assert.equal(await page.getByRole('button', { name: 'Set password' }).isDisabled(), true)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('The same again').fill('something else')
    await page.getByText('The two are not the same.').waitFor()
    await setPassword(page)
    const words = await makeKey(page)
    assert.equal(words.length, 24)
    await page.reload()
    await page.locator('.word').nth(23).waitFor()
    assert.deepEqual(await page.locator('.word').allTextContents(), words, 'shown again until they are confirmed')
    await confirmWords(
      page,
      words.map(() => 'wrong'),
    )
    await page.getByText('Not the word on your sheet.').nth(2).waitFor()
    await page.getByRole('button', { name: 'Show the words again' }).click()
    await confirmWords(page, words)
    await page.getByRole('heading', { name: 'Save a backup file too' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Save a backup file too' }).waitFor()
    await page.getByRole('button', { name: /^Skip/ }).click()
    await page.getByText('/mnt/usb-stick/holt').click()
    await page.locator('.folder-name', { hasText: '/mnt/usb-stick/holt' }).waitFor()
    await page.getByLabel('Add a folder').fill('/mnt/foreign')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('This folder is not empty').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Open my files' }).click()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})

test('the wizard joins another node of the owner by its code', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await typeCode(page, served.code)
    await setPassword(page)
    await page.getByRole('button', { name: 'Join my other node' }).click()
    await page.getByLabel('The code').fill('K7M2-0000')
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.locator('.field-error').filter({ hasText: /\S/ }).waitFor()
    await page.getByLabel('The code').fill('K7M2-9XPQ')
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.getByRole('heading', { name: 'Where shall it all be kept?' }).waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Open my files' }).click()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
    assert.equal(served.node.calls.filter(({ name }) => name === 'node.init').length, 0)
  })
})

test('the wizard restores from words and from a backup file', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await typeCode(page, served.code)
    await setPassword(page)
    await page.getByRole('button', { name: 'I have a root key' }).click()
    const { words } = await served.node.call('key.words', {})
    await page.getByLabel('Your 24 words').fill(words.replace('able', 'abel'))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Word 3 is not in the list of words').waitFor()
    await page.getByRole('tab', { name: 'Backup file' }).click()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'holt-root-key.age', mimeType: '', buffer: Buffer.from('age-encryption.org/v1 a backup made by MemoryNode') })
    await page.getByLabel('Its passphrase').fill('wrong')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The passphrase does not open this file.').waitFor()
    await page.getByLabel('Its passphrase').fill(PASSPHRASE)
    await page.getByRole('button', { name: 'Continue' }).click()
    for (const drive of ['/mnt/a', '/mnt/b']) {
      await page.getByLabel('Add a folder').fill(drive)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
    }
    await page.getByRole('button', { name: 'Bring everything back' }).click()
    await page.getByText('Everything was read back.').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Open my files' }).click()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})
