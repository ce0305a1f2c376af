import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { folders, TestNode, temporaryFolder, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'
import { downloadOf, openPlace, setPassword, setUp, typeCode } from './steps.ts'

/** The third way of the set-up: from the drives of an earlier box, on real nodes. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

async function startNode(context: TestContext, dataFolder: string): Promise<{ node: TestNode; url: string; code: string }> {
  const node = new TestNode(dataFolder, { page: true })
  context.after(() => node.kill())
  await node.start()
  const url = await until('the page', async () => (await node.call('node.status', {})).pageUrl)
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  return { node, url, code }
}

async function phone(context: TestContext, url: string): Promise<Page> {
  const { page } = await openPage(browser, url, { viewport: { width: 375, height: 760 } })
  context.after(() => page.context().close())
  return page
}

/** Every file below a folder: when it was written, and what it holds. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const content = new Map<string, string>()
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    content.set(name, (await stat(path)).isFile() ? `${mtimeMs} ${(await readFile(path)).toString('base64')}` : String(mtimeMs))
  }
  return content
}

test('the drives of an old box are found, copied on the owner’s words, and left as they were', async (context) => {
  const home = await temporaryFolder(context)
  const old = await folders(home, ['oak', 'ash'])
  const first = await startNode(context, join(home, 'old'))
  const begun = await phone(context, first.url)
  const words = await setUp(begun, first.code, old)
  const bytes = randomBytes(3_000_000)
  await begun.locator('input[data-upload=files]').setInputFiles([{ name: 'kept.bin', mimeType: '', buffer: bytes }])
  await begun.locator('.uploads-title', { hasText: '1 file uploaded' }).waitFor()
  await first.node.call('drives.remove', { folder: join(home, 'old', 'drive') })
  await first.node.call('store.settle', {})
  await first.node.stop()
  await rm(join(home, 'old'), { recursive: true })
  const before = await Promise.all(old.map(contentOf))

  const second = await startNode(context, join(home, 'new'))
  const page = await phone(context, second.url)
  await typeCode(page, second.code)
  await setPassword(page)
  await page.getByRole('button', { name: 'Move from an old drive' }).click()
  for (const folder of old) {
    await page.getByLabel('It is somewhere else').fill(folder)
    await page.getByRole('button', { name: 'Look there' }).click()
    await page.locator('.found-drive', { hasText: folder }).waitFor()
  }
  await page.getByLabel('It is somewhere else').fill(home)
  await page.getByRole('button', { name: 'Look there' }).click()
  await page.locator('.field-error').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Your 24 words').fill(words.join(' '))
  await page.getByRole('button', { name: 'Continue' }).click()
  assert.equal(await page.getByLabel('Copy everything to new drives').isChecked(), true, 'the way that changes nothing is the default')
  await page.getByRole('button', { name: 'Bring everything back' }).click()
  await page.getByRole('heading', { name: 'Everything has moved' }).waitFor()
  await page.getByText('Nothing on the old drives was changed.').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Open my files' }).click()
  assert.ok((await downloadOf(page, 'kept.bin')).equals(bytes))
  await openPlace(page, 'Storage')
  await page.locator('.drive').first().waitFor()
  const { drives } = await second.node.call('drives.list', {})
  assert.deepEqual(
    drives.map(({ folder }) => folder),
    [join(home, 'new', 'drive')],
  )
  assert.deepEqual(await Promise.all(old.map(contentOf)), before)
})
