import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PushService } from '@holt/admin/testing/push-service.ts'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { openPlace, setUp, signInElsewhere } from './steps.ts'

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

for (const width of [360, 1280])
  test(`the bell counts what is new as it happens, ${width} px wide; it is read one by one or all at once`, async () => {
    await onNews(
      async (page, served) => {
        const bell = page.getByRole('link', { name: /^News/ })
        await openPlace(page, 'News')
        await page.getByText('Nothing to tell you yet.').waitFor()
        await signInElsewhere(served.url)
        await page.getByText('Safari · iPhone. Was it not you?').waitFor()
        await signInElsewhere(served.url)
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

test('a device is told of what it chose, over a push service; it can be tried out and turned off', async () => {
  await onNews(async (page, served, service) => {
    const { endpoint, p256dh, auth } = service.newBrowser('this')
    await page.context().grantPermissions(['notifications'])
    // There is no push service of the browser's maker here: what it would hand over is ours, all else is real.
    await page.addInitScript(`{
      const keys = ${JSON.stringify({ p256dh, auth })}
      const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0)).buffer
      const subscription = (key) => ({
        endpoint: ${JSON.stringify(endpoint)},
        options: { applicationServerKey: key },
        getKey: (name) => bytes(keys[name]),
        unsubscribe: async () => { localStorage.removeItem('test-subscription'); return true },
      })
      PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
        localStorage.setItem('test-subscription', JSON.stringify([...key]))
        return subscription(key.buffer)
      }
      PushManager.prototype.getSubscription = async () => {
        const key = localStorage.getItem('test-subscription')
        return key === null ? null : subscription(Uint8Array.from(JSON.parse(key)).buffer)
      }
    }`)
    await page.reload()
    await openPlace(page, 'News')
    await page.getByRole('button', { name: 'Tell me on this device' }).click()
    await page.getByText('This device is told from now on').waitFor()
    await page.getByRole('button', { name: 'Send a test' }).click()
    const [first] = await service.count(1)
    assert.deepEqual(JSON.parse(first?.text ?? ''), { v: 1, kind: 'test', language: 'en' })
    await signInElsewhere(served.url)
    assert.equal(JSON.parse((await service.count(2))[1]?.text ?? '').kind, 'new-device')
    await page.getByRole('checkbox', { name: 'Somebody signed in on a new device' }).uncheck()
    await page.reload()
    await page.getByRole('checkbox', { name: 'A drive is lost' }).waitFor()
    assert.equal(await page.getByRole('checkbox', { name: 'A drive is lost' }).isChecked(), true)
    assert.equal(await page.getByRole('checkbox', { name: 'Somebody signed in on a new device' }).isChecked(), false)
    await signInElsewhere(served.url)
    await page.getByText('Safari · iPhone').nth(1).waitFor()
    assert.equal(service.taken.length, 2, 'it was not asked for any more')
    await page.getByRole('button', { name: 'Stop telling me here' }).click()
    await page.getByRole('button', { name: 'Tell me on this device' }).waitFor()
  })
})

test('the worker shows a message in its language while no page looks, and nothing that it does not know', async () => {
  await onNews(async (page, served) => {
    const origin = new URL(served.url).origin
    await page.context().grantPermissions(['notifications'], { origin })
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    const session = await page.context().newCDPSession(page)
    const registered = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [one] = registrations
        if (one !== undefined) resolve(one.registrationId)
      })
    })
    await session.send('ServiceWorker.enable')
    const registrationId = await registered
    const push = (data: string) => session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
    const shown = (tag: string) =>
      page.evaluate(async (wanted) => {
        const { ready } = navigator.serviceWorker
        for (let looks = 0; looks < 600; looks++) {
          const [one] = await (await ready).getNotifications({ tag: wanted })
          if (one !== undefined) return { title: one.title, body: one.body, lang: one.lang }
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
        return null
      }, tag)
    await push(JSON.stringify({ v: 1, kind: 'drive-missing', language: 'de' }))
    assert.deepEqual(await shown('drive-missing'), { title: 'Holt', body: 'Ein Laufwerk ist verloren', lang: 'de' })
    await push(JSON.stringify({ v: 1, kind: 'storage-full', language: 'en' }))
    assert.equal((await shown('storage-full'))?.body, 'The drives are nearly full')
    await push('<b>no message of ours</b>')
    assert.equal((await shown('unknown'))?.body, 'There is something new')
  })
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
