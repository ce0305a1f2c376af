import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { afterwards, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { faultsOf } from './axe.ts'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { confirmIfAsked, openPlace, setUp } from './steps.ts'

/** Two people share a folder: two real nodes with root keys of their own, and a window for each. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const WAIT_MS = 90_000

interface Person {
  node: TestNode
  page: Page
  url: string
  complaints: string[]
}

async function person(context: TestContext, folder: string, name: string): Promise<Person> {
  const node = new TestNode(join(folder, name), { page: true, peers: ['--peer-port', '0', '--peer-interface', 'lo'] })
  afterwards(context, () => node.kill())
  await node.start()
  const url = await until('the page', async () => (await node.call('node.status', {})).pageUrl)
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  const { page, complaints } = await openPage(browser, url)
  page.setDefaultTimeout(WAIT_MS)
  afterwards(context, () => page.context().close())
  await setUp(page, code, [])
  await until('a node among others', async () => (await node.call('peers.list', {})).running)
  return { node, page, url, complaints }
}

/** Anna shows a code on her page, Ben takes its link on his. */
async function pair(anna: Person, ben: Person): Promise<void> {
  await openPlace(anna.page, 'Other nodes')
  await anna.page.getByRole('button', { name: 'Pair with a node' }).click()
  await anna.page.getByLabel('Name of this node').fill('Anna')
  await anna.page.getByRole('button', { name: 'Show a code' }).click()
  await confirmIfAsked(anna.page, anna.page.getByAltText('The code as a QR code'))
  const link = (await anna.node.call('peers.code', {})).shown?.link as string
  await openPlace(ben.page, 'Other nodes')
  await ben.page.getByRole('button', { name: 'Pair with a node' }).click()
  await ben.page.getByLabel('Name of this node').fill('Ben')
  await ben.page.getByLabel('Or type the code of the other node').fill(link)
  await ben.page.getByRole('button', { name: 'Pair', exact: true }).click()
  await confirmIfAsked(ben.page, ben.page.locator('.peer-list strong', { hasText: 'Anna' }))
  await anna.page.locator('.peer-list strong', { hasText: 'Ben' }).waitFor()
}

async function openFolder({ page, url }: Person, path: string): Promise<void> {
  await page.goto(`${url}#/files${path.split('/').map(encodeURIComponent).join('/')}`)
  await page.locator('.breadcrumb').waitFor()
}

async function upload(person: Person, path: string, name: string, text: string): Promise<void> {
  await openFolder(person, path)
  await person.page.locator('input[data-upload=files]').setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from(text) }])
}

/** To the folder that is open. */
async function uploadIsRefused({ page }: Person, name: string, why: string): Promise<void> {
  await page.locator('input[data-upload=files]').setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from('x') }])
  const title = page.locator('.uploads-title', { hasText: '1 file failed' })
  await title.waitFor()
  if ((await title.getAttribute('aria-expanded')) === 'false') await title.click()
  await page.locator('.upload-state', { hasText: why }).waitFor()
  await page.locator('.uploads-head .icon-only').click()
}

/** What the person's page gives for a file; null while it is not there. */
async function textAt({ page, url }: Person, path: string): Promise<string | null> {
  const response = await page.request.get(`${url}api/files/content?path=${encodeURIComponent(path)}`)
  return response.ok() ? response.text() : null
}

const reads = (who: Person, path: string, text: string) =>
  until(`${path} with ${text}`, async () => ((await textAt(who, path)) === text ? true : null), { limitMs: WAIT_MS })

test('two people share a folder from their pages: request, approval, writing, revocation', async (context) => {
  const folder = await temporaryFolder(context)
  const [anna, ben] = [await person(context, folder, 'anna'), await person(context, folder, 'ben')]
  await pair(anna, ben)
  await anna.node.call('files.mkdir', { path: '/Photos' })
  await upload(anna, '/Photos', 'first.txt', 'of Anna')
  await reads(anna, '/Photos/first.txt', 'of Anna')

  await openPlace(anna.page, 'Shared folders')
  await anna.page.getByLabel('Folder', { exact: true }).fill('/Photos')
  await anna.page.getByRole('button', { name: 'Share', exact: true }).click()
  await anna.page.locator('.shared-people strong', { hasText: 'Ben' }).waitFor()

  await openPlace(ben.page, 'Shared folders')
  await ben.page.getByRole('button', { name: 'Take it' }).click()
  await ben.page.getByText('you can read it').waitFor()
  await reads(ben, '/shared/Anna/Photos/first.txt', 'of Anna')
  await openFolder(ben, '/shared/Anna/Photos')
  await ben.page.getByText('first.txt').first().waitFor()
  await uploadIsRefused(ben, 'early.txt', 'This is not allowed.')

  await openPlace(ben.page, 'Shared folders')
  await ben.page.getByRole('button', { name: 'Ask to write' }).click()
  await ben.page.getByLabel('A word to Anna').fill('I have more of them')
  await ben.page.getByRole('button', { name: 'Ask', exact: true }).click()
  await ben.page.getByText('Anna has not answered yet.').waitFor()

  await openPlace(anna.page, 'Shared folders')
  await anna.page.getByText('Ben would like to write in Photos').waitFor()
  await anna.page.getByText('I have more of them').waitFor()
  await anna.page.getByRole('button', { name: 'Look and approve' }).click()
  await anna.page.getByLabel('For how long').selectOption('week')
  await anna.page.getByLabel('May it be handed on?').selectOption('1')
  assert.deepEqual(await faultsOf(anna.page, 'a request'), [])
  await anna.page.getByRole('button', { name: 'Approve', exact: true }).click()
  await anna.page.getByText('reads and writes').waitFor()
  const [given] = (await anna.node.call('folders.list', {})).given
  const [grant] = given?.grants ?? []
  assert.deepEqual([grant?.path, grant?.depth], ['/', 1])
  assert.ok(Math.abs((grant?.expires ?? 0) - Date.now() / 1000 - 7 * 86_400) < 600)

  await ben.page.getByText(/you can write until/).waitFor()
  await upload(ben, '/shared/Anna/Photos', 'of-ben.txt', 'of Ben')
  await reads(anna, '/Photos/of-ben.txt', 'of Ben')
  await openFolder(anna, '/Photos')
  await anna.page.getByText('of-ben.txt').first().waitFor()
  await upload(anna, '/Photos', 'of-anna.txt', 'of Anna too')
  await reads(ben, '/shared/Anna/Photos/of-anna.txt', 'of Anna too')
  await openFolder(ben, '/shared/Anna/Photos')
  await ben.page.getByText('of-anna.txt').first().waitFor()

  await openPlace(anna.page, 'Shared folders')
  await anna.page.getByRole('button', { name: 'Take back Ben’s right to write' }).click()
  await anna.page.getByText('reads and writes').waitFor({ state: 'detached' })
  await openPlace(ben.page, 'Shared folders')
  await ben.page.getByText('Anna took your right to write back.').waitFor()
  await openFolder(ben, '/shared/Anna/Photos')
  await uploadIsRefused(ben, 'late.txt', 'The right to do this was taken back.')
  await upload(anna, '/Photos', 'after.txt', 'still read')
  await reads(ben, '/shared/Anna/Photos/after.txt', 'still read')
  assert.equal(await textAt(anna, '/Photos/late.txt'), null)
  assert.equal(await textAt(ben, '/shared/Anna/Photos/late.txt'), null)

  await openPlace(anna.page, 'Shared folders')
  await anna.page.getByRole('button', { name: 'Shut out Ben' }).click()
  await anna.page.getByRole('button', { name: 'Shut out now' }).click()
  await anna.page.getByText('You share no folder with a friend.').waitFor()
  await openPlace(ben.page, 'Shared folders')
  await ben.page.getByText('shared no more; what you have stays').waitFor()
  await reads(ben, '/shared/Anna/Photos/of-anna.txt', 'of Anna too')
  assert.deepEqual([...anna.complaints, ...ben.complaints], [])
})

test('all that the page can show of shared folders is readable, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak'])
      await openPlace(page, 'Shared folders')
      await page.getByText('To share a folder, pair with a friend first').waitFor()
      served.node.peers.join('Ben', 'friend')
      const { folders } = served.node
      folders.request('/June', 'I have more of them')
      folders.offer('Recipes')
      folders.offer('Books', { state: 'here', path: '/shared/Anna/Books', lost: 'CAP_REVOKED', unsent: true })
      folders.offer('Plans', { state: 'here', friend: '12D3KooWAnna', path: '/shared/Anna/Plans', writable: ['/'], handOn: 1 })
      await page.getByText('Anna took your right to write back.').waitFor()
      await page.getByText('Something you changed stays here only').waitFor()
      assert.deepEqual(await faultsOf(page, 'shared folders'), [])
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      await page.getByRole('button', { name: 'Refuse' }).click()
      await page.getByText('Ben goes on reading only.').waitFor()
      await page.getByRole('button', { name: 'Let write: Ben' }).click()
      await page.getByLabel('Where in the folder').fill('June')
      await page.getByRole('button', { name: 'Let write', exact: true }).click()
      await page.getByText(/writes in \/June, until/).waitFor()
      await page.getByRole('button', { name: 'Let somebody else write' }).click()
      await page.getByLabel('Who may write').waitFor()
      assert.deepEqual(await faultsOf(page, 'a right to hand on'), [])
      assert.equal(await page.getByLabel('May it be handed on?').count(), 0)
      await page.getByLabel('Where in the folder').fill('Garden')
      await page.getByRole('button', { name: 'Hand on', exact: true }).click()
      await page.getByText('Ben may write there now.').waitFor()
      assert.deepEqual(
        folders.handedOn.map(({ path }) => path),
        ['/Garden'],
      )
      await page.getByRole('button', { name: 'No, thanks' }).click()
      await page.getByText('Recipes').waitFor({ state: 'detached' })
      await page.getByLabel('Folder', { exact: true }).fill('nowhere')
      await page.getByRole('button', { name: 'Share', exact: true }).click()
      await page.locator('.field-error', { hasText: 'It is not there' }).waitFor()
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})
