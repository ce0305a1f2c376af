import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { faultsInAllLights } from './axe.ts'
import { launchChromium } from './browser.ts'
import { fillNode, picture } from './sample-files.ts'
import { openPlace, setUp } from './steps.ts'
import { inWorld, laptop, phone } from './world.ts'

/** Folders as pictures: made in the browser, kept by the node, drawn only where they can be seen. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const asGrid = (page: Page) => page.getByRole('button', { name: 'Show as pictures' }).click()
const shown = (page: Page, count: number) =>
  page.waitForFunction(
    (count) =>
      [...document.querySelectorAll<HTMLImageElement>('.grid-picture img')].filter((one) => one.complete && one.naturalWidth > 0).length ===
      count,
    count,
  )

for (const [size, context] of Object.entries({ phone, laptop }))
  test(`small pictures are made once, kept by the node, and never show what a file was before (${size})`, async () => {
    await inWorld({ browser, context }, async ({ page, served }) => {
      const { node } = served
      await setUp(page, served.code, [])
      node.tree.makeDirectory('/Summer')
      for (const i of [1, 2, 3]) node.tree.write(`/${i}.png`, picture(1200, 800, i))
      node.tree.write('/broken.png', Buffer.from('no picture'))
      node.tree.write(
        '/bomb.png',
        Buffer.concat([picture(8, 8, 1).subarray(0, 16), Buffer.from('000186a0000186a0', 'hex'), picture(8, 8, 1).subarray(24)]),
      )
      await page.reload()
      await asGrid(page)
      await shown(page, 3)
      await page.waitForFunction(
        () => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/thumbnail')).length === 3,
      )
      assert.equal(node.thumbnails.size, 3)
      for (const base64 of node.thumbnails.values()) {
        const bytes = Buffer.from(base64, 'base64')
        assert.equal(bytes.toString('latin1', 8, 12), 'WEBP')
        assert.ok(bytes.length < 40 * 1024)
      }

      const loaded: string[] = []
      page.on('request', (request) => {
        if (request.url().includes('/content?')) loaded.push(request.url())
      })
      const first = node.tree.stat('/1.png').content as string
      node.tree.write('/1.png', picture(300, 900, 5), { replace: true })
      await page.reload()
      await shown(page, 3)
      const second = node.tree.stat('/1.png').content as string
      assert.notEqual(second, first)
      const deadline = Date.now() + 20_000
      while (!node.thumbnails.has(second) && Date.now() < deadline) await page.waitForTimeout(50)
      assert.ok(node.thumbnails.has(second))
      assert.deepEqual(
        loaded.filter((url) => /%2F[123]\.png/.test(url)).map((url) => /%2F(\d)/.exec(url)?.[1]),
        ['1'],
        'only what changed',
      )

      await page.getByRole('gridcell').filter({ hasText: '2.png' }).getByRole('link').click()
      await page.locator('.preview-title h2', { hasText: '2.png' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('gridcell').filter({ hasText: '3.png' }).getByRole('checkbox').check()
      await page.getByText('1 selected').waitFor()
      await page.getByRole('button', { name: 'Clear selection' }).click()
      await page.getByRole('button', { name: 'Show as a list' }).click()
      await page.getByRole('table').waitFor()
      await page.reload()
      await page.getByRole('table').waitFor()
    })
  })

/** A second of a film. On a busy computer nothing may come of a recording: then another one is made, until it plays. */
async function recordedFilm(page: Page): Promise<number[]> {
  for (let tries = 0; tries < 10; tries++) {
    const film = await page.evaluate(async () => {
      const canvas = document.createElement('canvas')
      canvas.width = 160
      canvas.height = 120
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm;codecs=vp8' })
      const parts: Blob[] = []
      recorder.ondataavailable = ({ data }) => parts.push(data)
      recorder.start()
      for (let i = 0; i < 12; i++) {
        context.fillStyle = '#20c040'
        context.fillRect(0, 0, 160, 120)
        context.fillStyle = '#fff'
        context.fillRect(10 * i, 10, 20, 20)
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      await new Promise((resolve) => {
        recorder.onstop = resolve
        recorder.stop()
      })
      const blob = new Blob(parts)
      const video = document.createElement('video')
      const plays = await new Promise<boolean>((resolve) => {
        video.onloadeddata = () => resolve(video.videoWidth > 0)
        video.onerror = () => resolve(false)
        setTimeout(() => resolve(false), 10_000)
        video.src = URL.createObjectURL(blob)
      })
      return plays ? [...new Uint8Array(await blob.arrayBuffer())] : null
    })
    if (film !== null) return film
  }
  throw new Error('this browser records no film that plays')
}

test('a film shows what is in it', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const film = await recordedFilm(page)
    served.node.tree.write('/film.webm', Buffer.from(film))
    await page.reload()
    await asGrid(page)
    await shown(page, 1)
    await page.locator('.grid-film').waitFor()
    await page.getByRole('link', { name: 'film.webm' }).click()
    await page.locator('video.preview-video[poster^="blob:"]').waitFor()
    const drawn = await page.locator('video.preview-video').evaluate(async (video: HTMLVideoElement) => {
      const poster = new Image()
      poster.src = video.poster
      await poster.decode()
      return poster.naturalWidth
    })
    assert.ok(drawn > 0)
  })
})

test('the owner removes all small pictures on the page Storage, and they are made again when they are wanted', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    const { node } = served
    await setUp(page, served.code, [])
    node.tree.write('/lake.png', picture(1200, 800, 1))
    await page.reload()
    await asGrid(page)
    await shown(page, 1)
    const deadline = Date.now() + 20_000
    while (node.thumbnails.size < 1 && Date.now() < deadline) await page.waitForTimeout(50)
    await openPlace(page, 'Storage')
    await page.getByRole('button', { name: 'Remove all small pictures' }).click()
    await page.getByText('The small pictures are removed').waitFor()
    assert.equal(node.thumbnails.size, 0)
    await openPlace(page, 'Files')
    await shown(page, 1)
    while (node.thumbnails.size < 1 && Date.now() < deadline) await page.waitForTimeout(50)
    assert.equal(node.thumbnails.size, 1)
  })
})

test('thousands of pictures: few tiles are drawn, keys go to all, nothing moves when pictures come', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const one = picture(90, 60, 1)
    for (let i = 0; i < 4000; i++) served.node.tree.write(`/photo ${i}.png`, one)
    await page.reload()
    await asGrid(page)
    await page.waitForFunction(() => {
      const tiles = [...document.querySelectorAll('.grid-tile')]
      return tiles.length > 0 && tiles.every((tile) => (tile.querySelector('img')?.naturalWidth ?? 0) > 0)
    })
    const drawn = () => page.locator('.grid-tile').count()
    assert.ok((await drawn()) < 1000, `${await drawn()}`)
    const columns = Number(await page.locator('.grid-tiles').getAttribute('aria-colcount'))
    const rows = Number(await page.locator('.grid-tiles').getAttribute('aria-rowcount'))
    assert.equal(rows, Math.ceil(4000 / columns))
    const focused = (name: string) => page.waitForFunction((name) => document.activeElement?.textContent === name, name)
    await page.getByRole('link', { name: 'photo 0.png', exact: true }).focus()
    await page.keyboard.press('ArrowRight')
    await focused('photo 1.png')
    await page.keyboard.press('ArrowDown')
    await focused(`photo ${1 + columns}.png`)
    await page.keyboard.press('End')
    await focused('photo 3999.png')
    await page.locator('.grid-tile', { hasText: 'photo 3999.png' }).locator('img').waitFor()
    assert.ok((await drawn()) < 1000)
    await page.keyboard.press('Home')
    await focused('photo 0.png')
    const moved = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
              if (!entry.hadRecentInput) sum += entry.value
          }).observe({ type: 'layout-shift' })
          window.scrollBy({ top: 4000, behavior: 'instant' })
          setTimeout(() => resolve(sum), 1500)
        }),
    )
    assert.ok(moved < 0.02, `${moved}`)
  })
})

test('axe finds nothing where folders show as pictures', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    fillNode(served.node)
    await page.reload()
    await asGrid(page)
    const faults = await faultsInAllLights(page, 'grid')
    await page.getByRole('button', { name: 'More for Music', exact: true }).click()
    faults.push(...(await faultsInAllLights(page, 'grid with a menu')))
    assert.deepEqual(faults, [])
  })
})
