import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { afterwards, TestNode, temporaryFolder, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'
import { setUp } from './steps.ts'

/** A folder as a camera fills it in ten years, in a real node and a real browser: all of it is listed, and it scrolls like a short one. */

const COUNT = 100_000
const AT_ONCE = 64
const PATIENCE_MS = 180_000
const nameOf = (i: number): string => `photo ${String(i).padStart(6, '0')}.txt`

async function makeFiles(folder: string): Promise<void> {
  await mkdir(folder)
  for (let at = 0; at < COUNT; at += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, COUNT - at) }, (_, i) => writeFile(join(folder, nameOf(at + i)), '')))
}

async function startNode(context: TestContext, dataFolder: string): Promise<{ node: TestNode; url: string; code: string }> {
  const node = new TestNode(dataFolder, { page: true })
  afterwards(context, () => node.kill())
  await node.start()
  const url = await until('the page', async () => (await node.call('node.status', {})).pageUrl)
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  return { node, url, code }
}

test('a folder of 100,000 files is listed whole, and scrolled to its end with few rows drawn', async (context) => {
  const home = await temporaryFolder(context)
  const { node, url, code } = await startNode(context, join(home, 'data'))
  const browser = await launchChromium()
  afterwards(context, () => browser.close())
  const { page, complaints } = await openPage(browser, url, { viewport: { width: 375, height: 740 } })
  page.setDefaultTimeout(PATIENCE_MS)
  await setUp(page, code, [])
  await makeFiles(join(home, 'Photos'))
  const { files } = await node.call('files.importLocal', { locals: [join(home, 'Photos')], path: '/', place: 'into' })
  assert.equal(files, COUNT)

  const began = performance.now()
  await page.goto(`${url}#/files/Photos`)
  await page.locator('tbody tr.row', { hasText: nameOf(0) }).waitFor()
  const first = performance.now()
  // the line of titles is one of them
  await page.locator(`table.entries[aria-rowcount="${COUNT + 1}"]`).waitFor()
  const all = performance.now()
  for (const part of [0.25, 0.5, 0.75, 1]) {
    await page.waitForFunction(
      ({ part, name }) => {
        // again each time: how high a row is, and so where it is, is known once some are drawn
        window.scrollTo({ top: part * document.documentElement.scrollHeight, behavior: 'instant' })
        return [...document.querySelectorAll('tbody tr.row')].some((row) => row.textContent.includes(name))
      },
      { part, name: nameOf(Math.min(COUNT - 1, COUNT * part)) },
      { polling: 200 },
    )
    const drawn = await page.locator('tbody tr.row').count()
    assert.ok(drawn > 0 && drawn < 300, `${drawn} rows are drawn`)
  }
  const scrolled = performance.now()
  await page.locator('tbody tr.row').last().getByRole('link').focus()
  await page.keyboard.press('Home')
  await page.waitForFunction((name) => document.activeElement?.textContent === name, nameOf(0))
  assert.deepEqual(complaints, [])
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`
  context.diagnostic(
    `the first row after ${seconds(began, first)}, all known after ${seconds(began, all)}, scrolled through in ${seconds(all, scrolled)}`,
  )
})
