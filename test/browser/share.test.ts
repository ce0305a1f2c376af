import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { afterwards, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { launchChromium, openPage, type WatchedPage } from './browser.ts'
import { picture } from './sample-files.ts'
import { setUp } from './steps.ts'

/** Somebody else's browser and a link: the built page behind it, over a real node. */

async function sharingNode(context: TestContext) {
  const home = await temporaryFolder(context)
  const node = new TestNode(join(home, 'data'), { page: true })
  await node.start()
  afterwards(context, () => node.stop())
  const url = (await until('the page', async () => (await node.call('node.status', {})).pageUrl)) as string
  await node.call('node.init', {})
  const files = {
    'June/Lake.png': picture(640, 420, 1),
    'June/More/deep note.txt': Buffer.from('the heron was there again\n'),
    'June/big & odd #1?.bin': randomBytes(5_300_000),
    'June/page.html': Buffer.from('<script>top.location="http://evil.test/"</script>'),
    'diary.txt': Buffer.from('for nobody'),
  }
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(home, 'files', name, '..'), { recursive: true })
    await writeFile(join(home, 'files', name), bytes)
  }
  const locals = [join(home, 'files/June'), join(home, 'files/diary.txt')]
  await node.call('files.importLocal', { locals, path: '/', place: 'into' })
  return { node, url, files }
}

/** A place to write to, which nobody is here to choose. */
const neverAsksWhere = "Reflect.deleteProperty(globalThis, 'showSaveFilePicker');"
const chooses =
  "globalThis.showSaveFilePicker = async () => (await navigator.storage.getDirectory()).getFileHandle('chosen', { create: true })"
const hasNoWebCrypto = `${neverAsksWhere} Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })`

/** A browser profile of its own; `asked` is everything it sends. */
async function visit(context: TestContext, link: string, before = neverAsksWhere): Promise<WatchedPage & { asked: string[] }> {
  const browser = await launchChromium()
  afterwards(context, () => browser.close())
  const asked: string[] = []
  const opened = await openPage(browser, 'about:blank')
  await opened.page.addInitScript({ content: before })
  opened.page.on('request', (request) => {
    asked.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`)
  })
  opened.complaints.length = 0
  await opened.page.goto(link)
  afterwards(context, () => opened.page.screenshot({ path: 'test-results/share.png' }).catch(() => {}))
  return { ...opened, asked }
}

async function download(page: Page, name: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `Download ${name}` }).click()])
  assert.equal(file.suggestedFilename().replaceAll('_', '?'), name.replaceAll('_', '?'))
  return readFile(await file.path())
}

const elsewhere = (complaints: string[], url: string): string[] => complaints.filter((line) => !line.startsWith(`request to ${url}`))

test('a folder opens in another browser with nothing but the link; the node is never sent the secret', async (context) => {
  const { node, url, files } = await sharingNode(context)
  const share = await node.call('shares.create', { path: '/June' })
  const { page, complaints, asked } = await visit(context, `${url}s/#${share.secret}`)
  await page.getByRole('heading', { name: 'June' }).waitFor()
  assert.deepEqual(await page.locator('.visit-name').allTextContents(), ['More', 'big & odd #1?.bin', 'Lake.png', 'page.html'])

  await page.getByRole('button', { name: 'Open Lake.png' }).click()
  const shown = page.getByRole('img', { name: 'Lake.png' })
  await shown.waitFor()
  assert.equal(await shown.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth)), 640)
  await page.keyboard.press('ArrowRight')
  await page.locator('.visit-text', { hasText: 'evil.test' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Open big & odd #1?.bin' }).click()
  assert.deepEqual(await download(page, 'big & odd #1?.bin'), files['June/big & odd #1?.bin'])
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'More' }).click()
  await page.getByRole('button', { name: 'Open deep note.txt' }).click()
  await page.getByText('the heron was there again').waitFor()
  await page.keyboard.press('Escape')
  await page.reload()
  await page.getByRole('button', { name: 'Open deep note.txt' }).waitFor()
  await page.getByRole('link', { name: 'Top' }).click()
  await page.getByRole('button', { name: 'Open Lake.png' }).waitFor()

  assert.ok(asked.length > 8)
  const hex = Buffer.from(share.secret, 'base64url').toString('hex')
  assert.deepEqual(
    asked.filter((line) => line.includes(share.secret) || line.includes(hex) || line.includes('cookie')),
    [],
  )
  assert.deepEqual(elsewhere(complaints, url), [])
})

test('a file opens where the browser has no Web Crypto, as in a page without https', async (context) => {
  const { node, url, files } = await sharingNode(context)
  const share = await node.call('shares.create', { path: '/June/Lake.png', label: 'The lake' })
  const { page, complaints } = await visit(context, `${url}s/#${share.secret}`, hasNoWebCrypto)
  await page.getByRole('heading', { name: 'The lake' }).waitFor()
  await page.getByRole('img', { name: 'Lake.png' }).waitFor()
  assert.deepEqual(await download(page, 'Lake.png'), files['June/Lake.png'])
  assert.deepEqual(elsewhere(complaints, url), [])
})

test('a browser that may write to the drive saves piece by piece', async (context) => {
  const { node, url, files } = await sharingNode(context)
  const share = await node.call('shares.create', { path: '/June/big & odd #1?.bin' })
  const { page } = await visit(context, `${url}s/#${share.secret}`, chooses)
  await page.getByRole('button', { name: /^Download/ }).click()
  await page.getByText('Saved').waitFor()
  const saved = await page.evaluate(async () => {
    const file = await (await (await navigator.storage.getDirectory()).getFileHandle('chosen')).getFile()
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    return [...new Uint8Array(digest)]
  })
  const digest = await crypto.subtle.digest('SHA-256', files['June/big & odd #1?.bin'])
  assert.deepEqual(saved, [...new Uint8Array(digest)])
})

test('a link that was taken back, has expired, or is not whole opens nothing, and says why', async (context) => {
  const { node, url } = await sharingNode(context)
  const [gone, brief] = [
    await node.call('shares.create', { path: '/June' }),
    await node.call('shares.create', { path: '/diary.txt', expires: Math.floor(Date.now() / 1000) + 20 }),
  ]
  const { page } = await visit(context, `${url}s/#${gone.secret}`)
  await page.getByRole('button', { name: 'Open Lake.png' }).waitFor()
  await node.call('shares.revoke', { id: gone.id })
  await page.getByRole('button', { name: 'Open page.html' }).click()
  await page.getByText('It was taken back').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'This link does not open' }).waitFor()
  await page.getByText('It was taken back').waitFor()

  await page.goto(`${url}s/#${brief.secret.slice(1)}`)
  await page.reload()
  await page.getByText('The address is not complete').waitFor()
  await until('the end of the link', async () => (await node.call('shares.list', {})).shares.every(({ expired }) => expired))
  await page.goto(`${url}s/#${brief.secret}`)
  await page.getByText('Its time is over').waitFor()
})

test('the owner makes a link on the page, another browser opens it, and it is taken back', async (context) => {
  const home = await temporaryFolder(context)
  const node = new TestNode(join(home, 'data'), { page: true })
  await node.start()
  afterwards(context, () => node.stop())
  const url = (await until('the page', async () => (await node.call('node.status', {})).pageUrl)) as string
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  const browser = await launchChromium()
  afterwards(context, () => browser.close())
  const { page, complaints } = await openPage(browser, url, { viewport: { width: 390, height: 844 } })
  await setUp(page, code as string, [])
  await page
    .locator('input[data-upload=files]')
    .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('from me to you') })
  await page.getByRole('button', { name: 'More for note.txt' }).click()
  await page.getByRole('menuitem', { name: 'Share by link' }).click()
  await page.getByLabel('Called, for who opens it').fill('A note')
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.getByRole('textbox', { name: 'The link' }).inputValue()
  assert.ok(link.startsWith(`${url}s/#`), link)
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await page.getByText('opens on this computer only').waitFor()
  await page.screenshot({ path: 'test-results/share-dialog.png' })

  const guest = await visit(context, link)
  await guest.page.getByRole('heading', { name: 'A note' }).waitFor()
  await guest.page.getByText('from me to you').waitFor()

  await page.goto(`${url}#/owner`)
  await page.reload()
  await page.getByRole('heading', { name: 'Shared by link' }).waitFor()
  await page.getByRole('button', { name: 'Take back the link to note.txt' }).click()
  await page.getByText('Nothing is shared by link.').waitFor()
  await guest.page.reload()
  await guest.page.getByText('It was taken back').waitFor()
  assert.deepEqual(complaints, [])
})
