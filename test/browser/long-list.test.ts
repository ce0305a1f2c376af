import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { setUp } from './steps.ts'

/** A folder of many files in a real browser: only what can be seen is drawn, and nothing else is missed. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const COUNT = 4000
const nameOf = (i: number): string => `photo ${i}.jpg`

test('a folder of many files scrolls, is sorted, chosen and walked through by keys like a short one', async () => {
  const served = await servePage()
  const { page, complaints } = await openPage(browser, served.url, { viewport: { width: 1280, height: 800 } })
  try {
    await setUp(page, served.code, [])
    for (let i = 0; i < COUNT; i++) served.node.tree.write(`/${nameOf(i)}`, Buffer.from(`${i}`))
    await page.reload()
    await page.locator(`table[aria-rowcount="${COUNT + 1}"]`).waitFor()
    const drawn = () => page.locator('tbody tr.row').count()
    assert.ok((await drawn()) < 300)
    assert.deepEqual(await page.locator('.entry-name').first().textContent(), nameOf(0))

    // as high as if all were drawn, and in the middle of it stands the middle of the list
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    const row = await page.locator('tr.row').first().boundingBox()
    assert.ok(row && Math.abs(height - COUNT * row.height) < 2000, `${height} for rows of ${row?.height}`)
    await page.evaluate((top) => window.scrollTo(0, top), height / 2)
    const seen = page.locator('tr.row', { hasText: nameOf(COUNT / 2) })
    await seen.waitFor()
    const place = await seen.boundingBox()
    assert.ok(place && place.y > -600 && place.y < 1400, 'where it belongs')
    assert.ok((await drawn()) < 300)

    await seen.getByRole('link').focus()
    await page.keyboard.press('End')
    await page.waitForFunction((name) => document.activeElement?.textContent === name, nameOf(COUNT - 1))
    await page.keyboard.press('ArrowUp')
    await page.waitForFunction((name) => document.activeElement?.textContent === name, nameOf(COUNT - 2))
    await page.keyboard.press('Home')
    await page.waitForFunction((name) => document.activeElement?.textContent === name, nameOf(0))
    for (let i = 1; i <= 60; i++) {
      await page.keyboard.press('ArrowDown')
      await page.waitForFunction((name) => document.activeElement?.textContent === name, nameOf(i))
    }
    const focused = await page.locator('.entry-name:focus').boundingBox()
    assert.ok(focused && focused.y > 0 && focused.y < 800, 'what has the focus is in view')

    await page.getByLabel('Select all').check()
    await page.getByText(`${COUNT} selected`).waitFor()
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-long-list.png' }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
})
