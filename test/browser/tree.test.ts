import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'

/** The Tree page: from a path down to drives, and up again. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('a path is followed down to its blocks, packs and drives, and a pack up to its paths, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
      fillNode(served.node)
      served.node.loseDrive('/mnt/ash')
      await openPlace(page, 'Tree')
      await page.getByRole('link', { name: 'Harbour.mp4' }).click()
      await page.getByText('8 blocks, each sealed by itself').waitFor()
      await page.getByRole('button', { name: 'Block 3', exact: true }).click()
      await page.getByText('Any 3 of these 4 bring all of it back').waitFor()
      const lost = page.locator('.tree-fragment.missing')
      assert.match(await lost.innerText(), /ash\s+Fragment 3: its drive is gone/)
      await page.getByRole('button', { name: 'What lies in it?' }).click()
      await page.locator('.tree-upward').getByRole('link', { name: '/Harbour.mp4' }).waitFor()
      await page.getByText(/^\s*\d+ entries were looked at/).waitFor()
      await page.locator('.tree-pack-square.open').first().click()
      await page.getByText('It lies in the data folder').waitFor()
      await page.getByRole('link', { name: 'Top' }).click()
      await page.getByRole('link', { name: 'Photos' }).waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      await page.goto(`${served.url}#/tree/nobody`)
      await page.getByText('It is not there (any more).').waitFor()
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})
