import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'

/** The System page in a real browser, over a machine that is made up. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

async function onSystem(work: (page: Page, served: ServedPage) => Promise<void>, { width = 1280 } = {}): Promise<void> {
  const served = await servePage()
  const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
  try {
    await setUp(page, served.code, [])
    await openPlace(page, 'System')
    await page.getByRole('heading', { name: 'Processor' }).waitFor()
    await work(page, served)
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-system.png' }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
}

const chart = (page: Page, name: string) => page.getByRole('img', { name: new RegExp(`^${name}:`) })

test('shows how busy the machine is and was, and what is under the pointer', async () => {
  await onSystem(async (page) => {
    await page.getByRole('img', { name: /^Processor: highest \d+ %$/ }).waitFor()
    await page.getByRole('button', { name: 'Day' }).click()
    await page.waitForFunction(() => (document.querySelector('.chart-stroke')?.getAttribute('d')?.length ?? 0) > 5000)
    const box = await chart(page, 'Network').boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width / 2, box.y + 20)
    await page.getByText(/^[\d.]+ \w+\/s received, [\d.]+ \w+\/s sent, .*\d\d:\d\d$/).waitFor()
    await page.mouse.move(box.x + 3, box.y + 20)
    await page.getByText(/^not known received, not known sent/).waitFor()
    await page.getByRole('button', { name: 'Month' }).click()
    await page.waitForFunction(() => {
      const points = document.querySelector('.chart-stroke')?.getAttribute('d')?.match(/L/g)?.length ?? 0
      return points > 500 && points < 744
    })
  })
})

test('tells what the machine is made of and what the node said; the diagnostics file has no secrets', async () => {
  await onSystem(async (page) => {
    await page.getByText('Intel N100, 4 cores').waitFor()
    await page.getByText('310 GB free of 4.0 TB').waitFor()
    await page.getByText('port1: connected, 2.5 Gbit/s').waitFor()
    await page.getByText('Alder 4 TB, HD, 4.0 TB, 34 °C, says it is well').waitFor()
    await page.locator('.log li.warn', { hasText: '/mnt/ash is missing' }).waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Diagnostics file' }).click()])
    assert.equal(file.suggestedFilename(), 'holt-diagnostics.json')
    const text = await readFile(await file.path(), 'utf8')
    const diagnostics = JSON.parse(text) as Record<string, unknown>
    assert.deepEqual(Object.keys(diagnostics), ['made', 'status', 'drives', 'classes', 'machine', 'counters', 'log'])
    for (const secret of ['abandon', '12D3Koo', '203.0.113.7', 'http://127.0.0.1']) assert.ok(!text.includes(secret), secret)
  })
})

test('fits a phone', async () => {
  await onSystem(
    async (page) => {
      await page.getByText('Intel N100, 4 cores').waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
    },
    { width: 360 },
  )
})
