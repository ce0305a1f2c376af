import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { PASSWORD, setUp } from './steps.ts'

/** The page in another language, and read from the right. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

async function onPage(options: BrowserContextOptions, work: (page: Page, served: ServedPage) => Promise<void>): Promise<void> {
  const served = await servePage({ box: true })
  const { page, complaints } = await openPage(browser, served.url, options)
  try {
    await work(page, served)
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-language.png' }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
}

const langOf = (page: Page): Promise<string> => page.evaluate(() => document.documentElement.lang)

test('speaks German to a German browser; what is chosen stays chosen, and nothing typed is lost', async () => {
  await onPage({ locale: 'de-AT', viewport: { width: 360, height: 740 } }, async (page, { code }) => {
    await page.getByRole('heading', { name: 'Willkommen bei Holt' }).waitFor()
    assert.equal(await langOf(page), 'de')
    await page.getByLabel('Einrichtungscode').fill('WRONG123')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Welcome to Holt' }).waitFor()
    assert.equal(await langOf(page), 'en')
    await page.reload()
    await page.getByRole('heading', { name: 'Welcome to Holt' }).waitFor()
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByLabel('Einrichtungscode').fill('WRONG123')
    await page.getByRole('button', { name: 'Beginnen' }).click()
    await page.getByText('Der Code stimmt nicht.').waitFor()
    await page.getByLabel('Einrichtungscode').fill(code)
    await page.getByRole('button', { name: 'Beginnen' }).click()
    await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Noch einmal dasselbe').fill(PASSWORD)
    await page.getByRole('button', { name: 'Passwort setzen' }).click()
    await page.getByRole('heading', { name: 'Dein Hauptschlüssel' }).waitFor()
  })
})

test('read from the right, every page is mirrored and fits a phone and a laptop', async () => {
  for (const width of [360, 1440])
    await onPage({ viewport: { width, height: 800 }, isMobile: width < 500 }, async (page, { code, node, url }) => {
      await setUp(page, code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
      fillNode(node)
      await page.addInitScript(() => {
        new MutationObserver(() => {
          if (document.documentElement.dir !== 'rtl') document.documentElement.dir = 'rtl'
        }).observe(document, { attributes: true, subtree: true, attributeFilter: ['dir'] })
      })
      for (const target of ['files', 'storage', 'network', 'box', 'system', 'owner']) {
        await page.goto(`${url}?${target}#/${target}`)
        await page.locator('h1, .breadcrumb').first().waitFor()
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).direction), 'rtl')
        await page.waitForLoadState('networkidle')
        const { scroll, client } = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth,
          client: document.documentElement.clientWidth,
        }))
        assert.ok(scroll <= client, `${target} is ${scroll} px wide on ${client}`)
        if (width < 500) continue
        const side = await page.locator('.side').boundingBox()
        const content = await page.locator('#content').boundingBox()
        assert.ok(side && content && side.x > content.x, `${target}: the menu is at the beginning of the line`)
      }
    })
})
