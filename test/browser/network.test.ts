import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MemoryBox } from '@holt/admin/testing/memory-box.ts'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'

/** The Network page in a real browser, over a box in memory. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

async function onBox(work: (page: Page, box: MemoryBox) => Promise<void>, { width = 1280 } = {}): Promise<void> {
  const served = await servePage({ box: true })
  const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
  try {
    await setUp(page, served.code, [])
    await openPlace(page, 'Network')
    await page.getByRole('heading', { name: 'Internet' }).waitFor()
    await work(page, served.node.box as MemoryBox)
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-network.png' }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
}

test('a node that runs on no box has no such page', async () => {
  const served = await servePage()
  const { page } = await openPage(browser, served.url)
  await setUp(page, served.code, [])
  assert.equal(await page.getByRole('link', { name: 'Network' }).count(), 0)
  await page.context().close()
  await served.close()
})

test('a change is tried, counted down, and kept', async () => {
  await onBox(async (page, box) => {
    await page.getByText('The provider gave the box 203.0.113.20').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Try it' }).count(), 0)
    await page.getByLabel('Servers to ask').fill('9.9.9.9 2620:fe::fe')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('New settings are on trial').waitFor()
    await page.getByText(/come back in (60|5\d) seconds/).waitFor()
    assert.equal(box.byOwner, false)
    await page.getByRole('button', { name: 'Keep them' }).click()
    await page.getByText('The new settings are kept').waitFor()
    assert.deepEqual(box.settings.dns.upstream, ['9.9.9.9', '2620:fe::fe'])
    assert.equal(await page.getByRole('button', { name: 'Try it' }).count(), 0)
  })
})

test('what nobody confirms goes back by itself, and the page says so; the countdown outlives a reload', async () => {
  await onBox(async (page, box) => {
    box.trialMs = 4000
    await page.getByLabel('Use IPv6').uncheck()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('New settings are on trial').waitFor()
    await page.reload()
    await page.getByText('New settings are on trial').waitFor()
    await page.getByText('New settings are on trial').waitFor({ state: 'detached' })
    await page.getByText('The settings before are back').waitFor()
    assert.equal(box.settings.ipv6.enabled, true)
  })
})

test('a trial is ended by hand', async () => {
  await onBox(async (page, box) => {
    await page.getByLabel('Guest network').check()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByRole('button', { name: 'Go back' }).click()
    await page.getByText('New settings are on trial').waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Guest network').isChecked(), false)
    assert.equal(box.byOwner, false)
  })
})

test('what cannot be is said at its field, and not tried', async () => {
  await onBox(async (page) => {
    await page.getByLabel('Address of the box').fill('8.8.8.8')
    await page.getByText('This is not in a network for private use').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Try it' }).isDisabled(), true)
    await page.getByLabel('Address of the box').fill('10.1.2.1')
    assert.equal(await page.getByLabel('From').inputValue(), '10.1.2.100', 'what is given out moves with the box')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('The box is at another address now').waitFor()
    await page.getByRole('button', { name: 'Go back' }).click()
    await page.getByText('New settings are on trial').waitFor({ state: 'detached' })
    await page.getByLabel('How the line works').selectOption('pppoe')
    await page.getByLabel('User name').fill('line@provider')
    await page.getByRole('button', { name: 'Try it' }).click()
    // the schema of the box refuses the empty password
    await page.locator('.field-error', { hasText: /./ }).first().waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' })
  })
})

test('a device keeps its address, a port is opened for it', async () => {
  await onBox(async (page, box) => {
    await page.getByRole('button', { name: 'Always give printer this address' }).click()
    await page.getByRole('button', { name: 'Open a port' }).click()
    await page.getByLabel('What for').fill('Printing')
    await page.getByLabel('Port', { exact: true }).fill('631')
    await page.getByLabel('Port there').fill('631')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByRole('button', { name: 'Keep them' }).click()
    await page.getByText('The new settings are kept').waitFor()
    assert.deepEqual(box.settings.lan.reservations, [{ mac: '02:00:00:00:00:21', address: '192.168.77.121', name: 'printer' }])
    assert.deepEqual(box.settings.forwards, [
      { name: 'Printing', enabled: true, protocol: 'tcp', port: 631, lastPort: null, toAddress: '192.168.77.121', toPort: 631 },
    ])
  })
})

test('a phone is let in by a code that it can scan, and shut out again', async () => {
  await onBox(async (page, box) => {
    await page.getByRole('switch', { name: 'Remote access' }).check()
    await page.getByLabel('Address of this box on the internet').fill('Home.Example.org')
    assert.equal(await page.getByRole('button', { name: 'Add a phone' }).isDisabled(), true)
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByRole('button', { name: 'Keep them' }).click()
    await page.getByRole('button', { name: 'Add a phone' }).click()
    await page.getByLabel('Name of the phone').fill('My phone')
    await page.getByRole('button', { name: 'Make its key' }).click()
    const code = page.getByRole('img', { name: 'Scan this with the WireGuard app' })
    await code.waitFor()
    assert.ok((await code.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))) > 0, 'the picture is shown')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as a file' }).click()])
    assert.equal(file.suggestedFilename(), 'My-phone.conf')
    await page.getByRole('button', { name: 'OK' }).click()
    assert.equal(box.settings.wireguard.peers[0]?.name, 'My phone')
    await page.getByRole('button', { name: 'Shut out My phone' }).click()
    await page.getByText('My phone is shut out').waitFor()
    assert.equal(box.settings.wireguard.peers.length, 0)
  })
})

test('everything fits a phone, and every control has a name', async () => {
  await onBox(
    async (page) => {
      await page.getByLabel('Wi-Fi is on').check()
      await page.getByLabel('Guest network').check()
      await page.getByLabel('Keep the line free for calls').check()
      await page.getByRole('button', { name: 'Open a port' }).click()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.equal(wide, 0)
      const unnamed = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('main button, main input, main select')]
          .filter((control) => control.checkVisibility())
          .filter((control) => {
            const labels = [...((control as HTMLInputElement).labels ?? [])].map((label) => label.innerText)
            return ![control.innerText, control.getAttribute('aria-label'), ...labels].some((text) => text?.trim())
          })
          .map((control) => control.outerHTML.slice(0, 100)),
      )
      assert.deepEqual(unnamed, [])
    },
    { width: 360 },
  )
})
