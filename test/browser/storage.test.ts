import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'
import { inWorld } from './world.ts'

/** The Storage page in a real browser: what the owner decides there, and what it says before. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const drives = ['/mnt/a', '/mnt/b', '/mnt/c', '/mnt/d', '/mnt/e']

async function onStorage(
  work: (page: Page, served: ServedPage) => Promise<void>,
  { width = 1280, box = false }: { width?: number; box?: boolean } = {},
): Promise<void> {
  const served = await servePage({ box })
  const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
  try {
    await setUp(page, served.code, drives)
    fillNode(served.node)
    await openPlace(page, 'Storage')
    await page.getByRole('heading', { name: 'How safe each folder is' }).waitFor()
    await work(page, served)
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-storage.png', fullPage: true }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
}

test('shows how it fills up, in a picture and in words', async () => {
  await onStorage(async (page, served) => {
    await page.getByText('At this pace the drives are full in about 4 months.').waitFor()
    const picture = page.getByRole('img', { name: /^Used space over time, from .* until today: now .* of 12 TB$/ })
    const box = await picture.boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width / 2, box.y + 30)
    await page.getByText(/TB used, \d/).waitFor()
    served.node.storage.forecast = { kind: 'unknown' }
    await page.getByRole('group', { name: 'Time shown' }).getByRole('button', { name: 'Month' }).click()
    await page.getByText('It is too early to say when they will be full').waitFor()
    served.node.storage.knownDays = 0
    await page.getByRole('button', { name: 'Years' }).click()
    await page.getByText('What is used is noted from now on.').waitFor()
  })
})

test('a folder is kept more safely, after it is said what that costs', async () => {
  await onStorage(async (page, served) => {
    const card = page.getByRole('region', { name: 'How safe each folder is' })
    await card.getByText('Everything else').waitFor()
    await card.getByText('survives the loss of any two drives').waitFor()
    await card.getByRole('button', { name: 'Choose for a folder' }).click()
    const dialog = page.getByRole('dialog')
    assert.equal(await dialog.getByRole('button', { name: 'This folder' }).isDisabled(), true)
    await dialog.getByRole('button', { name: 'Photos' }).click()
    await dialog.getByRole('button', { name: 'This folder' }).click()
    await dialog.getByRole('heading', { name: 'How safe should it be?' }).waitFor()
    await dialog.getByText('1 GB takes 2.0 GB').waitFor()
    await dialog.getByText(/^It takes .* on the drives\.$/).waitFor()
    await dialog.getByRole('radio', { name: /^Precious/ }).check()
    await dialog.getByText(/^Were all of it kept so, it would take .* on the drives; as it is set now, /).waitFor()
    await dialog.getByText('What is there already follows by itself, most of it within hours.').waitFor()
    assert.equal(served.node.storage.folders.size, 0, 'nothing changed yet')
    await dialog.getByRole('button', { name: 'Keep it so' }).click()
    await card.getByText('survives the loss of any three drives').waitFor()
    assert.deepEqual([...served.node.storage.folders], [['/Photos', 'precious']])
    served.node.loseDrive('/mnt/a')
    await page.reload()
    await card.getByText('One of your 6 drives takes nothing now').waitFor()
    await card.getByText('survives the loss of any two drives').waitFor()
    await card.getByRole('button', { name: 'Change how safe /Photos is kept' }).click()
    await page.getByRole('radio', { name: 'As the folder around it' }).check()
    await page.getByRole('button', { name: 'Keep it so' }).click()
    await page.getByRole('button', { name: 'Change how safe /Photos is kept' }).waitFor({ state: 'detached' })
  })
})

test('says how many versions would go before they go', async () => {
  await onStorage(async (page, served) => {
    await page.getByText('one version a day for 1 year').waitFor()
    await page.getByRole('button', { name: 'Change …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('All 533 versions that are kept now would stay.').waitFor()
    await dialog.getByLabel('One a day').selectOption('30')
    await dialog.getByText('Of 533 versions that are kept now, 335 would go for good.').waitFor()
    assert.equal(served.node.storage.retention.dailyDays, 365, 'nothing changed yet')
    await dialog.getByRole('button', { name: 'Let them go and keep it so' }).click()
    await page.getByText('one version a day for 1 month').waitFor()
    assert.equal(served.node.storage.retention.dailyDays, 30)
  })
})

test('verify shows its progress, can be cancelled, and its outcome stays', async () => {
  await onStorage(async (page) => {
    await page.getByText('Nothing was ever checked as a whole.').waitFor()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText(/^Checked today, \d\d:\d\d. Nothing was wrong\.$/).waitFor()
    await page.reload()
    await page.getByText(/^Checked today/).waitFor()
    await page.getByText('96 MB and 72 fragments read').waitFor()
  })
})

test('a drive of a box says how it is', async () => {
  await onStorage(
    async (page, served) => {
      const { machine } = served.node.box ?? {}
      assert.ok(machine)
      const [, usb] = machine.disks
      assert.ok(usb)
      machine.disks = [{ ...usb, device: '/dev/sdb', role: 'holt', folder: '/mnt/a' }]
      machine.health.set('/dev/sdb', {
        state: 'failing',
        temperature: 51,
        hours: 14_200,
        defects: 9,
        wearPercent: null,
        problems: ['9 sectors'],
      })
      await page.reload()
      await page.getByText('says it is failing · 51 °C · 591 days of running').waitFor()
    },
    { box: true },
  )
})

test('fits a phone', async () => {
  await onStorage(
    async (page) => {
      await page.getByRole('heading', { name: 'Older versions' }).waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      await page.getByRole('button', { name: 'Change …' }).click()
      await page.getByText('versions that are kept now').waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
    },
    { width: 360 },
  )
})

test('storage tells what is survived, shows a lost drive, verifies, cancels, repairs', async () => {
  await inWorld({ browser, node: { steps: 40, stepMs: 50 } }, async ({ page, served }) => {
    await setUp(page, served.code, drives)
    await openPlace(page, 'Storage')
    await page.getByText('Your files survive the loss of any 2 drives').waitFor()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByRole('heading', { name: 'Verifying' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Verifying' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('What was done so far stays done').waitFor()

    served.node.loseDrive('/mnt/c')
    await page.getByText('One drive is lost').waitFor()
    await page.locator('.drive.missing', { hasText: '/mnt/c' }).getByText('Lost').waitFor()
    await page.getByText('They survive the loss of one more').waitFor()
    await page.getByRole('button', { name: 'Add drive' }).click()
    await page.getByLabel('Add a folder').fill('/mnt/fresh')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.locator('.drive', { hasText: '/mnt/fresh' }).waitFor()
    await page.getByRole('button', { name: 'Repair' }).click()
    await page.getByRole('heading', { name: 'Repaired' }).waitFor()
    await page.getByText('mended').first().waitFor()
    await page
      .locator('.drive.missing')
      .getByRole('button', { name: /^More for/ })
      .click()
    await page.getByRole('menuitem', { name: 'Forget' }).click()
    await page.getByRole('button', { name: 'Forget drive' }).click()
    await page.locator('.drive.missing').waitFor({ state: 'detached' })
  })
})
