import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { faultsInAllLights } from './axe.ts'
import { launchChromium } from './browser.ts'
import { picture } from './sample-files.ts'
import { setUp } from './steps.ts'
import { inWorld, laptop, phone } from './world.ts'

/** What a file is, what it was, and folders as they were. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('details say size, versions, what is survived, who has a link, and lead to the blocks', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, ['/mnt/a', '/mnt/b', '/mnt/c', '/mnt/d', '/mnt/e'])
    const { tree } = served.node
    tree.makeDirectory('/Letters')
    tree.write('/Letters/mum.txt', Buffer.from('first'))
    tree.write('/Letters/mum.txt', Buffer.from('second one'), { replace: true })
    await served.node.call('shares.create', { path: '/Letters', label: 'For the aunts', expires: null })
    await page.goto(`${served.url}?x#/files/Letters`)
    await page.getByRole('button', { name: 'More for mum.txt', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Details' }).click()
    const dialog = page.getByRole('dialog', { name: 'mum.txt' })
    await dialog.getByText('10 bytes').waitFor()
    await dialog.getByText('2 are kept').waitFor()
    await dialog.getByText(/survives the loss of any/).waitFor()
    await dialog.getByText('For the aunts').waitFor()
    assert.deepEqual(await faultsInAllLights(page, 'details'), [])
    await dialog.getByRole('link', { name: 'Show where its blocks lie' }).click()
    await page.getByRole('heading', { name: 'Where everything lies' }).waitFor()
    assert.match(page.url(), /#\/tree\/Letters\/mum\.txt$/)
  })
})

test('two versions are compared: texts line by line, pictures beside each other', async () => {
  await inWorld({ browser, context: phone }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`)
    tree.write('/list.txt', Buffer.from(lines.join('\n')))
    lines[20] = '<b>another</b>'
    tree.write('/list.txt', Buffer.from(lines.join('\n')), { replace: true })
    tree.write('/lake.png', picture(90, 60, 1))
    tree.write('/lake.png', picture(80, 60, 2), { replace: true })
    await page.reload()
    await page.getByRole('button', { name: 'More for list.txt', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Older versions' }).click()
    await page.getByRole('button', { name: 'Compare with now' }).click()
    await page.locator('.compare-lines ins').waitFor()
    assert.equal((await page.locator('.compare-lines del').textContent())?.trim(), 'line 20')
    assert.equal((await page.locator('.compare-lines ins').textContent())?.trim(), '<b>another</b>')
    assert.equal(await page.getByText(/17 lines the same/).count(), 1)
    assert.deepEqual(await faultsInAllLights(page, 'compare'), [])
    await page.getByLabel('Newer').selectOption({ index: 1 })
    await page.getByText('The two are the same.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More for lake.png', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Older versions' }).click()
    await page.getByRole('button', { name: 'Compare with now' }).click()
    await page.waitForFunction(
      () => [...document.querySelectorAll<HTMLImageElement>('.compare-pictures img')].map((one) => one.naturalWidth).join() === '90,80',
    )
  })
})

test('a folder shows as it was, by a slider; what is picked comes back, the rest stays', async () => {
  await inWorld({ browser, context: phone }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.write('/a.txt', Buffer.from('old a'))
    tree.write('/b.txt', Buffer.from('old b'))
    tree.write('/c.txt', Buffer.from('old c'))
    tree.write('/a.txt', Buffer.from('new a'), { replace: true })
    tree.remove(['/b.txt'])
    tree.write('/c.txt', Buffer.from('new c'), { replace: true })
    await page.reload()
    await page.getByRole('link', { name: 'c.txt' }).waitFor()
    await page.getByRole('button', { name: 'As it was' }).click()
    const slider = page.getByRole('slider', { name: 'When' })
    await slider.waitFor()
    const row = (name: string) => page.locator('.past-entries li', { hasText: name })
    await row('a.txt').waitFor()
    await slider.focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft')
    await row('b.txt').getByText('not there any more').waitFor()
    await row('a.txt').getByText('changed since').waitFor()
    assert.deepEqual(await faultsInAllLights(page, 'as it was'), [])
    await row('b.txt').getByRole('checkbox').check()
    await row('c.txt').getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Bring 2 items back' }).click()
    await page.getByText('2 items are as then').waitFor()
    const text = (path: string) => Buffer.from(tree.bytes(path)).toString()
    assert.deepEqual([text('/a.txt'), text('/b.txt'), text('/c.txt')], ['new a', 'old b', 'old c'])
  })
})
