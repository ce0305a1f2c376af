import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { folders, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'
import { confirmWords, downloadOf, makeKey, openPlace, PASSPHRASE, saveBackup, setPassword, setUp, signIn, typeCode } from './steps.ts'

/** As the owner meets it: the built node, the built page, a real browser. */

const BROWSER_WAIT_MS = 60_000

async function startNode(context: TestContext, dataFolder: string): Promise<{ node: TestNode; url: string; code: string }> {
  const node = new TestNode(dataFolder, { page: true })
  await node.start()
  context.after(() => node.stop())
  // The control socket answers before the page does.
  const url = await until('the page', async () => (await node.call('node.status', {})).pageUrl)
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  return { node, url, code }
}

async function openBrowser(context: TestContext, url: string): Promise<{ page: Page; complaints: string[] }> {
  const browser = await launchChromium()
  const opened = await openPage(browser, url)
  context.after(async () => {
    await opened.page.screenshot({ path: 'test-results/last.png' }).catch(() => {})
    await browser.close()
  })
  opened.page.setDefaultTimeout(BROWSER_WAIT_MS)
  return opened
}

/** A folder with files large and small, odd names and an old date. */
async function makeAlbum(below: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  files.set('big.bin', randomBytes(9_000_000))
  files.set('empty.txt', Buffer.alloc(0))
  files.set('summer/ünï & #1?.jpg', randomBytes(350_000))
  for (let i = 0; i < 40; i++) files.set(`summer/notes/note ${i}.txt`, randomBytes(10 + 211 * i))
  for (const [name, bytes] of files) {
    const path = join(below, 'Album', name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, bytes)
  }
  return files
}

async function openFolder(page: Page, url: string, path: string): Promise<void> {
  await page.goto(`${url}#/files${path.split('/').map(encodeURIComponent).join('/')}`)
  await page.locator('.entries').waitFor()
}

test('wizard, sign-in, upload of a folder, download identical, a drive lost, shown and repaired', async (context) => {
  const home = await temporaryFolder(context)
  const driveFolders = await folders(home, ['oak', 'ash', 'elm', 'fir', 'yew', 'bay'])
  const { node, url, code } = await startNode(context, join(home, 'data'))
  const { page, complaints } = await openBrowser(context, url)

  await typeCode(page, code)
  await setPassword(page)
  const words = await makeKey(page)
  await confirmWords(page, words)
  const backup = await saveBackup(page)
  assert.match(backup.toString('latin1'), /^age-encryption\.org\/v1\n/)
  for (const folder of driveFolders) {
    await page.getByLabel('Add a folder').fill(folder)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.locator('.folder-name', { hasText: folder }).waitFor()
  }
  await page.getByRole('button', { name: `Delete ${join(home, 'data', 'drive')}` }).click()
  await page.locator('.folder-name', { hasText: join(home, 'data') }).waitFor({ state: 'detached' })
  await page.getByText('Your files survive the loss of any 2 drives').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Open my files' }).click()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(page)
  await openPlace(page, 'Files')
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  const files = await makeAlbum(home)
  await page.locator('input[data-upload=folder]').setInputFiles(join(home, 'Album'))
  await page.locator('.uploads-title', { hasText: `${files.size} files uploaded` }).waitFor()
  await node.call('store.settle', {})

  await openPlace(page, 'Storage')
  await page.getByText('Your files survive the loss of any 2 drives').waitFor()
  const lost = driveFolders[2] as string
  await rm(lost, { recursive: true })
  await page.getByText('One drive is lost').waitFor()
  await page.locator('.drive.missing', { hasText: lost }).getByText('Lost').waitFor()

  await checkAlbum(page, url, files)

  await openPlace(page, 'Storage')
  const fresh = join(home, 'fresh')
  await mkdir(fresh)
  await page.getByRole('button', { name: 'Add drive' }).click()
  await page.getByLabel('Add a folder').fill(fresh)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.locator('.drive', { hasText: fresh }).waitFor()
  await page.getByRole('button', { name: 'Repair' }).click()
  await page.getByRole('heading', { name: 'Repaired' }).waitFor()
  await page
    .locator('.drive.missing')
    .getByRole('button', { name: /^More for/ })
    .click()
  await page.getByRole('menuitem', { name: 'Forget' }).click()
  await page.getByRole('button', { name: 'Forget drive' }).click()
  await page.locator('.drive.missing').waitFor({ state: 'detached' })
  await page.getByText('Your files survive the loss of any 2 drives').waitFor()
  assert.ok((await readdir(join(fresh, 'fragments'))).length > 0)
  assert.equal((await node.call('doctor.run', {})).healthy, true)
  assert.deepEqual(complaints, [])
})

async function checkAlbum(page: Page, url: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const name of ['big.bin', 'empty.txt', 'summer/ünï & #1?.jpg', 'summer/notes/note 39.txt']) {
    const path = `/Album/${name}`
    await openFolder(page, url, path.slice(0, path.lastIndexOf('/')))
    const bytes = await downloadOf(page, path.slice(path.lastIndexOf('/') + 1))
    assert.ok(bytes.equals(files.get(name) as Buffer), name)
  }
  for (const [name, bytes] of files) {
    const response = await page.request.get(`${url}api/files/content?path=${encodeURIComponent(`/Album/${name}`)}`)
    assert.ok((await response.body()).equals(bytes), name)
  }
}

test('everything comes back on another machine, from the backup file and the drives alone', async (context) => {
  const home = await temporaryFolder(context)
  const driveFolders = await folders(home, ['oak', 'ash', 'elm'])
  const first = await startNode(context, join(home, 'data'))
  const { page } = await openBrowser(context, first.url)
  const words = await setUp(page, first.code, driveFolders)
  const bytes = randomBytes(3_000_000)
  await page.locator('input[data-upload=files]').setInputFiles([{ name: 'kept.bin', mimeType: '', buffer: bytes }])
  await page.locator('.uploads-title', { hasText: '1 file uploaded' }).waitFor()
  const own = join(home, 'data', 'drive')
  await openPlace(page, 'Storage')
  await page
    .locator('.drive', { hasText: own })
    .getByRole('button', { name: /^More for/ })
    .click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Remove drive' }).click()
  await page.getByText('The drive is removed').waitFor()
  await first.node.call('store.settle', {})
  await first.node.stop()
  await rm(join(home, 'data'), { recursive: true })

  const second = await startNode(context, join(home, 'new'))
  await page.context().clearCookies()
  await page.goto(second.url)
  await typeCode(page, second.code)
  await setPassword(page)
  await page.getByRole('button', { name: 'I have a root key' }).click()
  await page.getByLabel('Your 24 words').fill(words.join(' '))
  await page.getByRole('button', { name: 'Continue' }).click()
  for (const folder of driveFolders) {
    await page.getByLabel('Add a folder').fill(folder)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
  }
  await page.getByRole('button', { name: 'Bring everything back' }).click()
  await page.getByText('Everything was read back.').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Open my files' }).click()
  assert.ok((await downloadOf(page, 'kept.bin')).equals(bytes))
})

test('the backup file the browser saves is opened by age itself', async (context) => {
  await stat('/usr/bin/age').catch(() => assert.fail('age is not installed: apt-get install age'))
  const home = await temporaryFolder(context)
  const { url, code } = await startNode(context, join(home, 'data'))
  const { page } = await openBrowser(context, url)
  await typeCode(page, code)
  await setPassword(page)
  const words = await makeKey(page)
  await confirmWords(page, words)
  await writeFile(join(home, 'key.age'), await saveBackup(page))
  // age asks on a terminal; script gives it one.
  const command = `(sleep 1; echo '${PASSPHRASE}') | script -qec "age -d -o ${join(home, 'key.txt')} ${join(home, 'key.age')}" /dev/null`
  await promisify(execFile)('sh', ['-c', command], { timeout: 60_000 })
  assert.equal(await readFile(join(home, 'key.txt'), 'utf8'), `holt root key v1\n${words.join(' ')}\n`)
})
