import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './browser.ts'
import { setUp } from './steps.ts'
import { inWorld } from './world.ts'

/** What a person does with files that are there. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('names, moves and deletes, by mouse and by keyboard', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    await page.getByRole('button', { name: 'New folder' }).click()
    await page.getByLabel('Name of the folder').fill('a/b')
    await page.getByText('A name cannot contain').waitFor()
    await page.getByLabel('Name of the folder').fill('Papers')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('link', { name: 'Papers' }).waitFor()
    for (const name of ['one.txt', 'three.txt', 'two.txt']) served.node.tree.write(`/${name}`, Buffer.from(name))
    await page.reload()

    await page.getByRole('link', { name: 'Papers' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('F2')
    await page.getByLabel('New name').waitFor()
    await page.keyboard.type('first')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'first.txt' }).waitFor()

    await page.getByRole('link', { name: 'first.txt' }).focus()
    await page.keyboard.press(' ')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press(' ')
    await page.getByText('2 selected').waitFor()
    await page.getByRole('button', { name: 'Move' }).click()
    await page.locator('.chooser').getByRole('button', { name: 'Papers' }).click()
    await page.getByRole('button', { name: 'Move here' }).click()
    await page.getByText('2 items moved').waitFor()
    assert.deepEqual(
      served.node.tree.list('/Papers', {}).entries.map(({ name }) => name),
      ['first.txt', 'three.txt'],
    )

    await page.getByRole('link', { name: 'Papers' }).focus()
    await page.keyboard.press('Delete')
    await page.getByText('1 item is in the trash').waitFor()
    const top = () => served.node.tree.list('/', {}).entries.map(({ name }) => name)
    assert.deepEqual(top(), ['two.txt'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('1 item is back').waitFor()
    await page.getByRole('link', { name: 'Papers' }).waitFor()
    assert.deepEqual(top(), ['Papers', 'two.txt'])
    await page.getByRole('link', { name: 'Papers' }).focus()
    await page.keyboard.press('Delete')
    await page.getByText('1 item is in the trash').waitFor()
    assert.deepEqual(
      served.node.tree.list('/', {}).entries.map(({ name }) => name),
      ['two.txt'],
    )
  })
})

test('the trash puts back where it was, asks about what is taken, and is emptied', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters')
    tree.write('/Letters/mum.txt', Buffer.from('old'))
    tree.write('/other.txt', Buffer.from('other'))
    tree.putInTrash(['/Letters/mum.txt', '/other.txt'])
    tree.write('/Letters/mum.txt', Buffer.from('new'))
    await page.reload()
    await page.locator('.looks').getByRole('link', { name: 'Trash' }).click()
    await page.getByRole('heading', { name: 'Trash', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Put “mum.txt” back' }).click()
    await page.getByRole('dialog', { name: '“mum.txt” is there already' }).waitFor()
    await page.getByRole('button', { name: 'Keep both' }).click()
    await page.getByText('1 item is back where it was').waitFor()
    assert.equal(tree.list('/Letters', {}).entries.length, 2)
    assert.equal(Buffer.from(tree.bytes('/Letters/mum.txt')).toString(), 'new')
    await page.getByRole('button', { name: 'Empty the trash' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Empty the trash' }).click()
    await page.getByText('1 item was removed for good').waitFor()
    await page.getByRole('heading', { name: 'The trash is empty' }).waitFor()
  })
})

test('searches by name below the folder that shows, and opens what was found', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters/Café', true)
    tree.write('/Letters/Café/Menü 2026.txt', Buffer.from('soup of the day'))
    tree.write('/Letters/menu.txt', Buffer.from('old'))
    tree.write('/other.txt', Buffer.from('x'))
    await page.reload()
    await page.getByRole('searchbox', { name: 'Search by name' }).fill('menu')
    await page.getByText('2 hits among 5 names').waitFor()
    await page.getByRole('link', { name: 'Menü 2026.txt' }).click()
    await page.getByRole('dialog', { name: 'Menü 2026.txt' }).getByText('soup of the day').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').press('Escape')
    await page.getByRole('link', { name: 'other.txt' }).waitFor()
  })
})

test('a folder, and what is selected, download as one archive', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters')
    tree.write('/Letters/mum.txt', Buffer.from('dear mum'))
    tree.write('/note.txt', Buffer.from('a note'))
    await page.reload()
    await page.getByRole('button', { name: 'More for Letters', exact: true }).click()
    const [folder] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Download as ZIP' }).click()])
    assert.equal(folder.suggestedFilename(), 'Letters.zip')
    assert.ok((await readFile(await folder.path())).includes('dear mum'))
    for (const name of ['Letters', 'note.txt']) await page.getByLabel(`Select ${name}`, { exact: true }).check()
    const [both] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
    assert.equal(both.suggestedFilename(), 'Holt.zip')
    const bytes = await readFile(await both.path())
    assert.ok(bytes.includes('dear mum') && bytes.includes('a note'))
  })
})
