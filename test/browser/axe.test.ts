import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pageNames } from '@holt/admin/ui/state/page-names.ts'
import type { Browser } from 'playwright-core'
import { faultsInAllLights, faultsOf } from './axe.ts'
import { launchChromium, openPage } from './browser.ts'
import { fillNode, fillPrograms } from './sample-files.ts'
import { servePage } from './served-page.ts'
import { setUp } from './steps.ts'

/** Every page by axe-core, on a phone and a laptop, by day and by night. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('axe finds nothing on any page, at 360 and 1440 px, by day and by night', async () => {
  const served = await servePage({ box: true, https: true })
  const { page } = await openPage(browser, served.url)
  const faults: string[] = []
  try {
    await page.locator('h1').first().waitFor()
    faults.push(...(await faultsOf(page, 'set-up')))
    await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
    fillNode(served.node)
    fillPrograms(served.node)
    served.node.loseDrive('/mnt/ash')
    for (const name of pageNames) {
      await page.goto(`${served.url}?${name}#/${name}`)
      await page.locator('.content h1, .content .breadcrumb').first().waitFor()
      await page.waitForLoadState('networkidle')
      faults.push(...(await faultsInAllLights(page, name)))
    }
    await page.context().clearCookies()
    await page.goto(`${served.url}?out`)
    await page.getByLabel('Owner password').waitFor()
    faults.push(...(await faultsOf(page, 'sign-in')))
    assert.deepEqual(faults, [])
  } finally {
    await page.context().close()
    await served.close()
  }
})
