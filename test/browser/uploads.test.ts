import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './browser.ts'
import { downloadOf, setUp } from './steps.ts'
import { inWorld } from './world.ts'

/** What is sent to the node: chosen, dropped, cancelled. */

let browser: Browser
let folder: string
before(async () => {
  browser = await launchChromium()
  folder = await mkdtemp(join(tmpdir(), 'holt-browser-'))
})
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

const drives = ['/mnt/a', '/mnt/b', '/mnt/c', '/mnt/d', '/mnt/e']

test('uploads a folder with what is below it, and gives back the same bytes', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, drives)
    const source = join(folder, 'Journey')
    await mkdir(join(source, 'deep', 'er'), { recursive: true })
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7919) % 251))
    await writeFile(join(source, 'big.bin'), bytes)
    for (let i = 0; i < 30; i++) await writeFile(join(source, 'deep', `note ${i}.txt`), `note ${i}`)
    await writeFile(join(source, 'deep', 'er', 'ünï & #1?.txt'), 'odd name')
    await page.locator('input[data-upload=folder]').setInputFiles(source)
    await page.locator('.uploads-title', { hasText: '32 files uploaded' }).waitFor()
    await page.getByRole('link', { name: 'Journey' }).click()
    assert.ok((await downloadOf(page, 'big.bin')).equals(bytes))
    await page.getByRole('link', { name: 'deep' }).click()
    await page.getByText('note 29.txt').waitFor()
    assert.equal(await page.locator('tbody tr').count(), 31)
    await page.getByRole('link', { name: 'er', exact: true }).click()
    assert.equal((await downloadOf(page, 'ünï & #1?.txt')).toString(), 'odd name')
    await page.goBack()
    await page.getByText('note 29.txt').waitFor()
    assert.ok(Math.abs(served.node.tree.stat('/Journey/big.bin').modified - Date.now() / 1000) < 600)
  })
})

test('takes dropped files, and asks about names that are taken', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    served.node.tree.write('/a.txt', Buffer.from('old a'))
    served.node.tree.write('/b.txt', Buffer.from('old b'))
    served.node.tree.write('/c.txt', Buffer.from('old c'))
    await page.reload()
    await page.getByText('c.txt').waitFor()
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) data.items.add(new File([`new ${name}`], name))
      return data
    })
    const target = page.locator('.drop-target')
    await target.dispatchEvent('dragenter', { dataTransfer: transfer })
    await page.getByText('Drop to upload into Files').waitFor()
    await target.dispatchEvent('drop', { dataTransfer: transfer })
    await page.getByRole('heading', { name: '“a.txt” is there already' }).waitFor()
    await page.getByRole('button', { name: 'Keep both' }).click()
    await page.getByRole('heading', { name: '“b.txt” is there already' }).waitFor()
    await page.getByLabel('Do the same for all others').check()
    await page.getByRole('button', { name: 'Replace' }).click()
    await page.locator('.uploads-title', { hasText: '4 files uploaded' }).waitFor()
    const { tree } = served.node
    assert.equal(Buffer.from(tree.bytes('/a.txt')).toString(), 'old a')
    assert.equal(Buffer.from(tree.bytes('/a (2).txt')).toString(), 'new a.txt')
    for (const name of ['b.txt', 'c.txt', 'd.txt']) assert.equal(Buffer.from(tree.bytes(`/${name}`)).toString(), `new ${name}`)
    await page.getByRole('button', { name: 'Close the list' }).click()

    await page.getByRole('button', { name: 'More for b.txt', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Older versions' }).click()
    await page.getByRole('button', { name: 'Bring back' }).click()
    await page.getByText('The older version is the newest now').waitFor()
    assert.equal(Buffer.from(tree.bytes('/b.txt')).toString(), 'old b')
  })
})

test('a cancelled upload leaves nothing behind', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const write = served.node.write.bind(served.node)
    served.node.write = async (path, body, options) => {
      await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()))
      return write(path, body, options)
    }
    await page.locator('input[data-upload=files]').setInputFiles([{ name: 'slow.bin', mimeType: '', buffer: Buffer.alloc(2_000_000) }])
    await page.locator('.uploads-title', { hasText: 'Uploading 1 of 1' }).waitFor()
    await page.getByRole('button', { name: 'Cancel all' }).click()
    await page.getByText('Cancelled').first().waitFor()
    served.node.write = write
    await page.reload()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})
