import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { faultsOf } from './axe.ts'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'

/** The page of other nodes: a code shown, a code taken, a relation ended. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('a code is shown until the other node takes it, another is typed, and what was paired is ended, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak'])
      await openPlace(page, 'Other nodes')
      await page.getByText('This node is paired with no other yet.').waitFor()
      await page.getByRole('button', { name: 'Pair with a node' }).click()
      await page.getByLabel('Name of this node').fill('At home')
      assert.deepEqual(await faultsOf(page, 'pairing'), [])
      await page.getByRole('button', { name: 'Show a code' }).click()
      await page.getByText('AB12-CD34').waitFor()
      await page.getByAltText('The code as a QR code').waitFor()
      assert.deepEqual(served.node.calls.find(({ name }) => name === 'peers.showCode')?.params, { relation: 'friend', name: 'At home' })
      assert.deepEqual(await faultsOf(page, 'code'), [])
      served.node.peers.join('Ben', 'friend')
      await page.getByText('Paired with Ben.').waitFor()
      await page.locator('.peer-list').getByText('Ben').waitFor()
      assert.equal(served.node.peers.shown, null, 'the code ended with its dialog')

      await page.getByRole('button', { name: 'Pair with a node' }).click()
      const code = page.getByLabel('Or type the code of the other node')
      await code.fill('k7m2-0000')
      await page.getByRole('button', { name: 'Pair', exact: true }).click()
      await page.locator('.field-error', { hasText: /code/i }).waitFor()
      await code.fill('k7m2-9xpq')
      await page.getByRole('button', { name: 'Pair', exact: true }).click()
      await page.locator('.peer-list').getByText("Anna's box").waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))

      await page.getByRole('button', { name: 'End the relation with Ben' }).click()
      await page.getByRole('button', { name: 'End for good' }).click()
      await page.locator('.peer-list').getByText('Ben').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Turn off' }).click()
      await page.getByText('This node neither listens').waitFor()
      assert.equal(served.node.peers.on, false)
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})
