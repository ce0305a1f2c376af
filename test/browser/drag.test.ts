import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { faultsInAllLights } from './axe.ts'
import { launchChromium } from './browser.ts'
import { setUp } from './steps.ts'
import { inWorld, laptop, phone } from './world.ts'

/** Entries moved by hand, a finger that stays, and the keys of the page. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('entries are dragged onto folders and up the path, with undo; out of the browser they are files', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters')
    for (const name of ['a.txt', 'b.txt', 'c.txt']) tree.write(`/${name}`, Buffer.from(name))
    await page.reload()
    const row = (name: string) => page.locator('tr.row', { hasText: name })
    await row('a.txt').waitFor()
    const carried = await page.evaluate(() => {
      const data = new DataTransfer()
      const from = [...document.querySelectorAll<HTMLElement>('tr.row')].find((one) => one.dataset['name'] === 'a.txt')
      from?.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer: data }))
      from?.dispatchEvent(new DragEvent('dragend', { bubbles: true, dataTransfer: data }))
      return data.getData('DownloadURL')
    })
    assert.match(carried, /^application\/octet-stream:a\.txt:http:.*\/api\/files\/content\?path=%2Fa\.txt$/)
    await row('a.txt').getByRole('checkbox').check()
    await row('b.txt').getByRole('checkbox').check()
    await row('b.txt').getByRole('link').dragTo(row('Letters').getByRole('link'))
    await page.getByText('2 items moved').waitFor()
    const names = (path: string) => tree.list(path, {}).entries.map(({ name }) => name)
    assert.deepEqual(
      [names('/'), names('/Letters')],
      [
        ['Letters', 'c.txt'],
        ['a.txt', 'b.txt'],
      ],
    )
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('a.txt').waitFor()
    assert.deepEqual(names('/Letters'), [])
    await row('c.txt').getByRole('link').dragTo(row('Letters').getByRole('link'))
    await page.getByText('1 item moved').waitFor()
    await page.goto(`${served.url}?x#/files/Letters`)
    await row('c.txt').getByRole('link').dragTo(page.locator('a.crumb').first())
    await page.getByText('1 item moved').waitFor()
    assert.deepEqual(names('/Letters'), [])
  })
})

test('a finger that stays chooses and opens nothing', async () => {
  await inWorld({ browser, context: phone }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    served.node.tree.write('/a.txt', Buffer.from('a'))
    await page.reload()
    const at = await page.getByRole('link', { name: 'a.txt' }).boundingBox()
    const session = await page.context().newCDPSession(page)
    const point = { x: (at?.x ?? 0) + 20, y: (at?.y ?? 0) + 8 }
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
    await page.getByText('1 selected').waitFor()
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await page.waitForTimeout(300)
    assert.equal(await page.locator('.preview').count(), 0)
    assert.equal(await page.getByText('1 selected').count(), 1)
    await page.getByRole('button', { name: 'Clear selection' }).tap()
    await page.getByRole('link', { name: 'a.txt' }).tap()
    await page.locator('.preview').waitFor()
  })
})

test('a question mark shows the keys; a stroke searches', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    for (const name of ['a.txt', 'b.txt']) served.node.tree.write(`/${name}`, Buffer.from(name))
    await page.reload()
    await page.getByRole('link', { name: 'a.txt' }).focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('renames').waitFor()
    assert.deepEqual(await faultsInAllLights(page, 'keys'), [])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+a')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('b?')
    assert.equal(await page.getByRole('searchbox').inputValue(), 'b?')
  })
})
