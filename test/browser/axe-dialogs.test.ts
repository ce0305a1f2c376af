import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { looking } from './axe-world.ts'
import { launchChromium } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { setUp } from './steps.ts'

/** What shows only while it is open: dialogs and menus. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

/** Longer than the password holds. */
const LEFT_OPEN_MS = 6 * 60_000

type Click = string | RegExp
/** A page, and what opens a dialog or a menu on it, one after the other. */
const dialogs: readonly { place: string; clicks: readonly Click[] }[] = [
  { place: 'files', clicks: ['New folder'] },
  { place: 'files', clicks: ['More for Budget.csv'] },
  { place: 'files', clicks: ['More for Budget.csv', /^Rename$/] },
  { place: 'files', clicks: ['More for Budget.csv', /^Move to/] },
  { place: 'files', clicks: ['More for Budget.csv', /^Older versions$/] },
  { place: 'files', clicks: ['More for Budget.csv', /^Share by link$/] },
  { place: 'files', clicks: ['More for Budget.csv', /^Details$/] },
  { place: 'storage', clicks: ['Add drive'] },
  { place: 'storage', clicks: ['Choose for a folder …'] },
  { place: 'storage', clicks: ['Change …'] },
  { place: 'box', clicks: ['Use for Holt …'] },
  { place: 'box', clicks: ['Factory reset …'] },
  { place: 'box', clicks: ['Make a recovery key'] },
  { place: 'box', clicks: ['Shut down'] },
  { place: 'security', clicks: ['Invite somebody'] },
  { place: 'security', clicks: ['Make a token'] },
  { place: 'security', clicks: ['Make an app password'] },
]

const open = (page: Page) => page.locator('dialog[open]:visible, [role=menu]:visible').first().waitFor()

async function click(page: Page, name: Click): Promise<void> {
  const button = page.getByRole('button', { name, exact: typeof name === 'string' })
  await button.or(page.getByRole('menuitem', { name })).first().click()
}

test('axe finds nothing in open dialogs and menus', async () => {
  await looking(browser, async ({ page, served, look }) => {
    await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
    fillNode(served.node)
    for (const [i, { place, clicks }] of dialogs.entries()) {
      // another address, so that the page begins anew
      await page.goto(`${served.url}?${i}#/${place}`)
      for (const name of clicks) await click(page, name)
      await open(page)
      await look(`${place}: ${clicks.join(', ')}`)
    }
  })
})

test('axe finds nothing where the password is asked for again, over another dialog', async () => {
  await looking(browser, async ({ page, served, look }) => {
    await setUp(page, served.code, ['/mnt/oak'])
    served.later(LEFT_OPEN_MS)
    await page.goto(`${served.url}?again#/security`)
    await click(page, 'Make a token')
    await page.getByLabel('What for').fill('photo backup')
    await click(page, 'Make it')
    await page.getByRole('dialog', { name: 'Is it you?' }).waitFor()
    await look('is it you')
  })
})
