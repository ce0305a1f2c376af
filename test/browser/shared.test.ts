import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { faultsOf } from './axe.ts'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'

/** The page of folders that are shared with friends. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('all that the page can show of shared folders is readable, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak'])
      await openPlace(page, 'Shared folders')
      await page.getByText('To share a folder, pair with a friend first').waitFor()
      served.node.peers.join('Ben', 'friend')
      const { folders } = served.node
      folders.request('/June', 'I have more of them')
      folders.offer('Recipes')
      folders.offer('Books', { state: 'here', path: '/shared/Anna/Books', lost: 'CAP_REVOKED', unsent: true })
      await page.getByText('Anna took your right to write back.').waitFor()
      await page.getByText('Something you changed stays here only').waitFor()
      assert.deepEqual(await faultsOf(page, 'shared folders'), [])
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      await page.getByRole('button', { name: 'Refuse' }).click()
      await page.getByText('Ben goes on reading only.').waitFor()
      await page.getByRole('button', { name: 'Let write: Ben' }).click()
      await page.getByLabel('Where in the folder').fill('June')
      await page.getByRole('button', { name: 'Let write', exact: true }).click()
      await page.getByText(/writes in \/June, until/).waitFor()
      await page.getByRole('button', { name: 'No, thanks' }).click()
      await page.getByText('Recipes').waitFor({ state: 'detached' })
      await page.getByLabel('Folder', { exact: true }).fill('nowhere')
      await page.getByRole('button', { name: 'Share', exact: true }).click()
      await page.locator('.field-error', { hasText: 'It is not there' }).waitFor()
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})
