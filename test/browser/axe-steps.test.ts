import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { looking } from './axe-world.ts'
import { launchChromium } from './browser.ts'
import { addDrives, confirmWords, makeKey, saveBackup, setPassword, typeCode } from './steps.ts'

/** What shows only on the way: every step of the set-up. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('axe finds nothing on any step of the set-up', async () => {
  await looking(browser, async ({ page, served, look }) => {
    served.node.oldDrives = [
      {
        folder: '/mnt/usb-stick/holt',
        id: 'a1',
        owner: 'somebody',
        created: 1_700_000_000,
        fragments: 20,
        openPacks: 1,
        usedBytes: 5e9,
        totalBytes: 1e12,
      },
    ]
    await page.getByText('Encrypt the way to this page').click()
    await look('code')
    await typeCode(page, served.code)
    await page.getByRole('button', { name: 'Go on with your phone' }).click()
    await page.getByRole('dialog').locator('.notice, img').first().waitFor()
    await look('phone')
    await page.keyboard.press('Escape')
    await page.getByLabel('Password', { exact: true }).fill('a wood')
    await look('password')
    await setPassword(page)
    await page.getByRole('button', { name: 'Move from an old drive' }).waitFor()
    await look('choose')
    await page.getByRole('button', { name: 'Join my other node' }).click()
    await page.getByText('It is not in this network').click()
    await look('join')
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Move from an old drive' }).click()
    await page.locator('.found-drive').waitFor()
    await look('move')
    await page.getByRole('button', { name: 'Continue' }).click()
    await look('restore by words')
    await page.getByRole('tab', { name: 'Backup file' }).click()
    await look('restore by file')
    await page.getByRole('tab', { name: '24 words' }).click()
    await page.getByRole('button', { name: 'Back' }).click()
    const words = await makeKey(page)
    await look('words')
    await page.getByRole('button', { name: 'I have written them down' }).click()
    await page
      .getByLabel(/^Word \d+$/)
      .first()
      .waitFor()
    await look('check')
    await page.getByRole('button', { name: 'Show the words again' }).click()
    await confirmWords(page, words)
    await page.getByLabel('Passphrase for the file').waitFor()
    await look('backup')
    await saveBackup(page)
    await addDrives(page, ['/mnt/oak', '/mnt/ash'])
    await look('drives')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Open my files' }).waitFor()
    await look('done')
  })
})

test('axe finds nothing where drives are named and files come back', async () => {
  await looking(browser, async ({ page, served, look }) => {
    const { words } = await served.node.call('key.words', {})
    await typeCode(page, served.code)
    await setPassword(page)
    await page.getByRole('button', { name: 'I have a root key' }).click()
    await page.getByLabel('Your 24 words').fill(words)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Add a folder').fill('/mnt/oak')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByLabel('Copy everything to new drives').check()
    await look('recover')
    await page.getByRole('button', { name: 'Bring everything back' }).click()
    await page.getByRole('heading', { name: 'Everything has moved' }).waitFor()
    await look('moved')
  })
})
