import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { pageNames } from '@holt/admin/ui/state/page-names.ts'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { servePage } from './served-page.ts'
import { setUp } from './steps.ts'

/** Every page by axe-core, on a phone and a laptop, by day and by night. */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

async function faultsOf(page: Page, where: string): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (where) => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${where}: ${id} at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
    )
  }, where)
}

/** Colours fade from day to night; half-way they are neither's. */
async function coloursSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition)
    await Promise.all(fading.map((one) => one.finished.catch(() => undefined)))
  })
}

test('axe finds nothing on any page, at 360 and 1440 px, by day and by night', async () => {
  const served = await servePage({ box: true, https: true })
  const { page } = await openPage(browser, served.url)
  const faults: string[] = []
  try {
    faults.push(...(await faultsOf(page, 'set-up')))
    await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
    fillNode(served.node)
    served.node.loseDrive('/mnt/ash')
    for (const name of pageNames) {
      await page.goto(`${served.url}?${name}#/${name}`)
      await page.locator('.content h1, .content .breadcrumb').first().waitFor()
      await page.waitForLoadState('networkidle')
      for (const width of [360, 1440])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 800 })
          await page.emulateMedia({ colorScheme })
          await coloursSettled(page)
          faults.push(...(await faultsOf(page, `${name} ${width} ${colorScheme}`)))
        }
    }
    await page.context().clearCookies()
    await page.goto(`${served.url}?out`)
    await page.getByLabel('Owner password').waitFor()
    faults.push(...(await faultsOf(page, 'sign-in')))
    assert.deepEqual(faults, [])
  } finally {
    await page.context().close()
    await served.close()
  }
})
