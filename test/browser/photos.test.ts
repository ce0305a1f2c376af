import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MemoryPhotos } from '@holt/admin/testing/memory-photos.ts'
import type { Browser } from 'playwright-core'
import { until } from '../peers/harness.ts'
import { faultsInAllLights } from './axe.ts'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { setUp } from './steps.ts'

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('on a phone: the backup of pictures is turned on, asks for access, shows how far it is, pauses, and takes rules', async () => {
  const served = await servePage({ phone: true })
  const { page } = await openPage(browser, served.url)
  const photos = served.node.photos as MemoryPhotos
  try {
    await setUp(page, served.code, ['/mnt/oak'])
    await page.goto(`${served.url}#/photos`)
    photos.status = { ...photos.status, access: 'none' }
    await page.getByRole('switch', { name: 'Bring new pictures into Holt' }).check()
    await page.getByText('Holt may not see your pictures').waitFor()
    await page.getByRole('button', { name: 'Allow' }).click()
    const current = { name: 'film.mp4', doneBytes: 3e6, sizeBytes: 12e6 }
    photos.status = { ...photos.status, access: 'all', state: 'running', waitsFor: null, done: 120, left: 80, current }
    await page.getByText('Pictures are being brought in.').waitFor()
    await page.getByText('120 pictures and videos are in.').waitFor()
    await page.getByRole('progressbar').waitFor()
    assert.deepEqual(await faultsInAllLights(page, 'photos'), [])
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused.').waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByLabel('Line').selectOption('wifi')
    await page.getByRole('switch', { name: 'Videos, too' }).uncheck()
    await page.getByLabel('Folder').fill('/Pictures')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('New pictures go there').waitFor()
    const { on, paused, network, videos, folder } = photos.status
    assert.deepEqual(
      { on, paused, network, videos, folder },
      { on: true, paused: false, network: 'wifi', videos: false, folder: '/Pictures' },
    )
    assert.equal(photos.asked, 1)
    served.node.power.status = { ...served.node.power.status, connected: false, waitsFor: 'network' }
    await page.goto(`${served.url}#/peers`)
    await page.getByText('Waits for a line as you chose it.').waitFor()
    await page.getByLabel('Over which lines').selectOption('wifi')
    await page.getByRole('switch', { name: 'Only on the charger' }).check()
    await page.getByRole('switch', { name: 'Never rest' }).check()
    await until('the choice', async () => served.node.power.status.always)
    assert.deepEqual([served.node.power.status.network, served.node.power.status.charging], ['wifi', true])
    assert.deepEqual(await faultsInAllLights(page, 'peers'), [])
  } finally {
    await page.context().close()
    await served.close()
  }
})
