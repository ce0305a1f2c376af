import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PushService } from '@holt/admin/testing/push-service.ts'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { openPlace, PASSWORD, setUp } from './steps.ts'

/** What people are told: on the page as it happens, and by the worker while no page is open. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

async function onNews(
  work: (page: Page, served: ServedPage, service: PushService) => Promise<void>,
  { width = 1280 }: { width?: number } = {},
): Promise<void> {
  const service = new PushService()
  await service.start()
  const served = await servePage({ push: { loopback: true } })
  const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
  try {
    await setUp(page, served.code, ['/mnt/a', '/mnt/b', '/mnt/c'])
    await work(page, served, service)
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-notices.png', fullPage: true }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
    await service.close()
  }
}

/** Somebody signs in from a browser that was never seen. */
async function signInElsewhere({ url }: ServedPage): Promise<void> {
  const answer = await fetch(new URL('api/session', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-holt': '1',
      'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604',
    },
    body: JSON.stringify({ password: PASSWORD }),
  })
  assert.equal(answer.status, 204)
}

for (const width of [360, 1280])
  test(`the bell counts what is new as it happens, ${width} px wide; it is read one by one or all at once`, async () => {
    await onNews(
      async (page, served) => {
        const bell = page.getByRole('link', { name: /^News/ })
        await openPlace(page, 'News')
        await page.getByText('Nothing to tell you yet.').waitFor()
        await signInElsewhere(served)
        await page.getByText('Safari · iPhone. Was it not you?').waitFor()
        await signInElsewhere(served)
        await page.getByRole('link', { name: 'News: 2 unread messages' }).waitFor()
        assert.equal(await page.locator('.nav-count').textContent(), '2')
        await page
          .getByRole('button', { name: /^Mark as read: Somebody signed in/ })
          .first()
          .click()
        await page.getByRole('link', { name: 'News: 1 unread message' }).waitFor()
        await page.reload()
        await page.getByRole('link', { name: 'News: 1 unread message' }).waitFor()
        await page.getByRole('button', { name: 'Mark all as read' }).click()
        await page.locator('.nav-count').waitFor({ state: 'detached' })
        await page.locator('.notice-words').first().click()
        await page.getByRole('heading', { name: 'Is it secure?' }).waitFor()
        assert.ok(await bell.isVisible())
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      },
      { width },
    )
  })

test('without a way that is encrypted, the page says what is missing', async () => {
  await onNews(async (page) => {
    await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
    await page.reload()
    await openPlace(page, 'News')
    await page.getByText('the way to this page has to be encrypted').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Tell me on this device' }).count(), 0)
  })
})
