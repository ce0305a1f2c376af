import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { photoWall, visitorBook } from '@holt/admin/testing/sample-programs.ts'
import type { Browser, Page } from 'playwright-core'
import { afterwards, repositoryRoot, run, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { looking } from './axe-world.ts'
import { launchChromium, openPage } from './browser.ts'
import { fillNode, fillPrograms } from './sample-files.ts'
import { confirmIfAsked, openPlace, setUp, signIn } from './steps.ts'
import { inWorld, phone } from './world.ts'

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const launcher = join(repositoryRoot, 'services/cli/bin/holt.mjs')

/** Lists the folder that it was given. */
const source = `
export default {
  async fetch(request, { files }) {
    console.log('asked for ' + new URL(request.url).pathname)
    if (files === undefined) return new Response('no folder was given')
    const found = await files.list('')
    return new Response(found.map(({ name }) => name).join(' '))
  },
}
`
const project = {
  name: 'lister',
  title: 'Lister',
  about: 'Says what is in a folder.',
  version: '0.1.0',
  main: 'main.js',
  powers: [
    { kind: 'page', name: 'site', reason: 'The list is shown here.' },
    { kind: 'folder', name: 'files', reason: 'This is what is listed.' },
  ],
}

async function packageOf(node: TestNode, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'program.json'), JSON.stringify(project))
  await writeFile(join(folder, 'main.js'), source)
  const env = { HOLT_DATA: node.dataFolder }
  for (const line of [
    ['program', 'build', folder],
    ['program', 'sign', join(folder, 'lister-0.1.0.holt')],
  ]) {
    const { exitCode, stderr } = await run(process.execPath, [launcher, ...line], { env })
    assert.equal(exitCode, 0, stderr)
  }
  return join(folder, 'lister-0.1.0.holt')
}

async function realNode(context: TestContext): Promise<{ node: TestNode; page: Page; url: string }> {
  const folder = await temporaryFolder(context)
  const node = new TestNode(join(folder, 'data'), { page: true })
  afterwards(context, () => node.kill())
  await node.start()
  const pageUrl = () => until('the page', async () => (await node.call('node.status', {})).pageUrl)
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  const url = await pageUrl()
  const { page } = await openPage(browser, url)
  afterwards(context, () => page.context().close())
  await setUp(page, code, [])
  return { node, page, url }
}

test('a program is installed from a file with a folder that was picked, does what it may, is refused what was taken back, and all of it is in the audit', async (t) => {
  const { node, page } = await realNode(t)
  await node.call('files.mkdir', { path: '/Letters/2026', parents: true })
  const file = await packageOf(node, join(await temporaryFolder(t), 'lister'))
  await openPlace(page, 'Programs')
  await page.getByRole('heading', { name: 'No program is installed' }).waitFor()
  await page.getByRole('button', { name: 'Install a program' }).click()
  await page.locator('input[data-upload=package]').setInputFiles(file)
  await page.getByText('Signed by you').waitFor()
  await page.getByText('This is what is listed.').waitFor()
  const install = page.getByRole('button', { name: 'Install', exact: true })
  assert.equal(await install.isDisabled(), true, 'nothing was allowed yet')
  await page.getByRole('switch', { name: 'Allow: Show a page, and answer who opens it' }).check()
  await page.getByRole('switch', { name: 'Allow: Read a folder that you choose' }).check()
  assert.equal(await install.isDisabled(), true, 'no folder was chosen yet')
  await page.getByRole('button', { name: 'Choose a folder' }).click()
  await page.getByRole('button', { name: 'Letters' }).click()
  await page.getByRole('button', { name: 'This folder' }).click()
  await install.click()
  const card = page.locator('.program-card', { hasText: 'Lister' })
  await confirmIfAsked(page, card)
  await card.getByText('reads /Letters').waitFor()

  const [shown] = await Promise.all([page.context().waitForEvent('page'), card.getByRole('link', { name: 'Open its page' }).click()])
  await shown.getByText('2026').waitFor()
  await card.getByRole('link', { name: 'Lister' }).click()
  await page.locator('.program-log').getByText('asked for /').first().waitFor()
  await page.locator('.uses').getByText('list', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Take back: Read a folder that you choose' }).click()
  await page.getByText('It is refused from now on.').waitFor()
  await shown.reload()
  await shown.getByText('no folder was given').waitFor()

  await page.getByRole('button', { name: 'Change the limits' }).click()
  await page.getByLabel('Memory, in MiB').fill('4096')
  assert.equal(await page.getByRole('button', { name: 'Set them' }).isDisabled(), true)
  await page.getByLabel('Memory, in MiB').fill('32')
  await page.getByRole('button', { name: 'Set them' }).click()
  await page.getByText('It has these limits now.').waitFor()
  assert.equal((await node.call('programs.list', {})).programs[0]?.limits.memory, 32 << 20)

  // what happened is there after a restart
  await node.restart()
  const url = await until('the page', async () => (await node.call('node.status', {})).pageUrl)
  await page.goto(`${url}?again#/programs/audit`)
  await page.locator('.uses').or(page.getByLabel('Owner password')).first().waitFor()
  if (await page.getByLabel('Owner password').isVisible()) await signIn(page)
  const rows = page.locator('.uses tbody tr')
  await rows.filter({ hasText: 'took back' }).first().waitFor()
  const lists = rows.getByText('list', { exact: true })
  assert.ok((await lists.count()) > 0)
  await page.getByLabel('Power', { exact: true }).selectOption({ label: 'What you decided' })
  await rows.filter({ hasText: 'installed version' }).waitFor()
  await until('no uses of the program', async () => (await lists.count()) === 0)

  await page.getByLabel('Program', { exact: true }).selectOption({ label: 'Lister' })
  await page.getByRole('link', { name: 'About Lister' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('button', { name: 'Remove with all that it stored' }).click()
  await confirmIfAsked(page, page.getByRole('heading', { name: 'No program is installed' }))
  assert.deepEqual((await node.call('programs.list', {})).programs, [])
})

test('what a package says is shown with what one should know, by keyboard and on a phone', async () => {
  await inWorld({ browser, context: phone }, async ({ page, served: { node, code } }) => {
    await setUp(page, code, [])
    fillNode(node)
    fillPrograms(node)
    await openPlace(page, 'Programs')
    // an update: what was given stays, what is new is asked for
    const clock = { kind: 'clock' as const, name: 'time', reason: 'Each line says when it was written.', optional: true }
    node.programs.next = { package: { ...visitorBook, version: '1.1.0', powers: [...visitorBook.powers, clock] }, warnings: [] }
    await page.getByRole('link', { name: 'Visitor book' }).press('Enter')
    await page.getByRole('button', { name: 'Update from a file' }).press('Enter')
    await page.locator('input[data-upload=package]').setInputFiles({ name: 'a.holt', mimeType: '', buffer: Buffer.alloc(10) })
    await page.getByText('Version 1.0.0 becomes 1.1.0').waitFor()
    await page.getByText('new in this version').waitFor()
    await page.getByRole('button', { name: 'Update', exact: true }).press('Enter')
    await page.getByText('Visitor book is version 1.1.0 now.').waitFor()
    // a package of another program is not taken for an update
    node.programs.next = { package: photoWall, warnings: [] }
    await page.getByRole('button', { name: 'Update from a file' }).click()
    await page.locator('input[data-upload=package]').setInputFiles({ name: 'a.holt', mimeType: '', buffer: Buffer.alloc(10) })
    await page.getByText('This is a package of another program: Photo wall.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'All programs' }).click()
    // one that imitates another; hosts are chosen and added
    node.programs.installed = node.programs.installed.filter(({ id }) => id !== photoWall.id)
    node.programs.next = { package: photoWall, warnings: [{ kind: 'imitates', title: 'Photo Wall', author: photoWall.author }] }
    await page.getByRole('button', { name: 'Install a program' }).click()
    await page.locator('input[data-upload=package]').setInputFiles({ name: 'b.holt', mimeType: '', buffer: Buffer.alloc(10) })
    await page.getByText('Another program here is called “Photo Wall”').waitFor()
    await page.getByRole('switch', { name: 'Allow: Show a page, and answer who opens it' }).check()
    await page.getByLabel('Your network').check()
    await page.getByRole('switch', { name: /^Allow: Read and change a folder/ }).check()
    await page.getByRole('button', { name: 'Choose a folder' }).click()
    await page.getByRole('button', { name: 'This folder' }).click()
    await page.getByText('That is everything that you have.').waitFor()
    await page.getByRole('switch', { name: 'It may also change what is in it' }).uncheck()
    await page.getByRole('switch', { name: /^Allow: Send requests/ }).check()
    await page.getByLabel('*.tiles.example', { exact: true }).uncheck()
    await page.getByLabel('Others, one in a line').fill('not a host!')
    const install = page.getByRole('button', { name: 'Install', exact: true })
    assert.equal(await install.isDisabled(), true)
    await page.getByLabel('Others, one in a line').fill('snow.example')
    await install.click()
    await confirmIfAsked(page, page.locator('.program-card', { hasText: 'Photo wall' }))
    assert.deepEqual(node.programs.installed.find(({ id }) => id === photoWall.id)?.grants, [
      { kind: 'page', name: 'wall', network: true },
      { kind: 'folder', name: 'pictures', path: '/', write: false },
      { kind: 'hosts', name: 'weather', hosts: ['api.weather.example', 'snow.example'] },
    ])
    // a refusal says why
    node.programs.next = null
    await page.getByRole('button', { name: 'Install a program' }).click()
    await page.locator('input[data-upload=package]').setInputFiles({ name: 'c.holt', mimeType: '', buffer: Buffer.alloc(10) })
    await page.getByRole('alert').waitFor()
    await page.keyboard.press('Escape')
    // pages of the audit, and what came meanwhile
    for (let i = 0; i < 70; i++)
      node.programs.use({ program: photoWall.id, power: 'pictures', what: 'read', about: `${i}.png`, code: null })
    await page.getByRole('link', { name: 'Uses of powers' }).click()
    const rows = page.locator('.uses tbody tr')
    await rows.first().waitFor()
    assert.equal(await rows.count(), 50)
    await page.getByRole('button', { name: 'Older ones' }).click()
    await rows.nth(60).waitFor()
    node.programs.use({ program: photoWall.id, power: 'pictures', what: 'read', about: 'newest.png', code: null })
    await page.getByRole('button', { name: 'There are newer ones: show them' }).click()
    await rows.first().getByText('newest.png').waitFor()
  })
})

test('axe finds nothing on the pages of a program, in its dialogs and in the audit', async () => {
  await looking(browser, async ({ page, served, look }) => {
    await setUp(page, served.code, ['/mnt/oak'])
    fillNode(served.node)
    fillPrograms(served.node)
    const go = async (place: string) => page.goto(`${served.url}?${encodeURIComponent(place)}#/${place}`)
    await go('programs/audit')
    await page.getByText('../Budget.csv').waitFor()
    await look('audit')
    await go(`programs/${photoWall.id}`)
    await page.getByText('3 pictures, 3 of them new').waitFor()
    await page.getByRole('button', { name: /^Change: reads and changes|^Change: Read and change/ }).click()
    await page.getByRole('button', { name: 'Choose a folder' }).click()
    await look('one program')
    await page.getByRole('button', { name: 'Change the limits' }).click()
    await look('limits')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await look('remove')
    served.node.programs.installed = []
    served.node.programs.next = { package: photoWall, warnings: [{ kind: 'author-changed', from: visitorBook.author }] }
    await go('programs')
    await page.getByRole('button', { name: 'Install a program' }).click()
    await look('choose')
    await page.locator('input[data-upload=package]').setInputFiles({ name: 'a.holt', mimeType: '', buffer: Buffer.alloc(10) })
    await page.getByRole('heading', { name: 'What it wishes' }).waitFor()
    for (const box of await page.getByRole('switch', { name: /^Allow: / }).all()) await box.check()
    await look('review')
  })
})
