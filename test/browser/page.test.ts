import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './browser.ts'
import { setUp } from './steps.ts'
import { inWorld } from './world.ts'

/** What holds on every page. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const drives = ['/mnt/a', '/mnt/b', '/mnt/c', '/mnt/d', '/mnt/e']

/** What a screen reader would not know what to call. */
function unnamed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), textarea, [role=progressbar], dialog[open]'),
    ]
    return controls
      .filter((control) => control.checkVisibility() && control.getAttribute('aria-hidden') !== 'true')
      .filter((control) => {
        const labels = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement ? [...(control.labels ?? [])] : []
        const by = control.getAttribute('aria-labelledby')
        const text = [
          control.innerText,
          control.getAttribute('aria-label'),
          control.title,
          ...labels.map((label) => label.innerText),
          by && document.getElementById(by)?.innerText,
        ]
        return !text.some((part) => part?.trim())
      })
      .map((control) => control.outerHTML.slice(0, 120))
  })
}

test('every control has a name, on every page and in every dialog', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await page.getByLabel('Set-up code').waitFor()
    assert.deepEqual(await unnamed(page), [])
    await setUp(page, served.code, drives)
    served.node.tree.write('/a.txt', Buffer.from('a'))
    served.node.tree.makeDirectory('/folder')
    for (const part of ['owner', 'storage', 'trash', 'files']) {
      await page.goto(`${served.url}#/${part}`)
      await page.locator('main h1').waitFor()
      assert.deepEqual(await unnamed(page), [], part)
    }
    await page.reload()
    const dialogs: [RegExp, RegExp][] = [
      [/^Older versions$/, /^Versions of/],
      [/^Rename$/, /^Rename$/],
      [/^Move to/, /^Move “a.txt”$/],
    ]
    for (const [item, title] of dialogs) {
      await page.getByRole('button', { name: 'More for a.txt', exact: true }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await page.getByRole('dialog', { name: title }).waitFor()
      assert.deepEqual(await unnamed(page), [], String(title))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      // The focus goes back to where it was.
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More for a.txt')
    }
  })
})

test('fits every width from 360 to 1440 without scrolling sideways', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, drives)
    served.node.tree.write(`/${'a very long name without end '.repeat(6)}.txt`, Buffer.from('x'))
    served.node.tree.write(`/${'x'.repeat(200)}.bin`, Buffer.from('x'))
    for (const width of [360, 559, 560, 680, 799, 800, 1100, 1440]) {
      await page.setViewportSize({ width, height: 800 })
      for (const part of ['files', 'storage', 'owner']) {
        await page.goto(`${served.url}#/${part}`)
        await page.locator('main h1').waitFor()
        const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth
        // once it is laid out: a frame may still have the width before
        await page.waitForFunction(fits, undefined, { timeout: 20_000 }).catch(() => assert.fail(`${part} scrolls sideways at ${width}`))
      }
    }
  })
})
