import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { coloursSettled, faultsOf } from './axe.ts'
import { openPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'

export interface Looked {
  page: Page
  served: ServedPage
  /** Small by day, wide by night. */
  look: (where: string) => Promise<void>
}

/** Over a box that answers by HTTPS too; at the end nothing may have been found. */
export async function looking(browser: Browser, work: (looked: Looked) => Promise<void>): Promise<void> {
  const served = await servePage({ box: true, https: true })
  const { page } = await openPage(browser, served.url)
  const faults: string[] = []
  const look = async (where: string): Promise<void> => {
    for (const [width, colorScheme] of [
      [360, 'light'],
      [1440, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await coloursSettled(page)
      faults.push(...(await faultsOf(page, `${where} ${width} ${colorScheme}`)))
    }
  }
  try {
    await work({ page, served, look })
    assert.deepEqual(faults, [])
  } finally {
    await page.context().close()
    await served.close()
  }
}
