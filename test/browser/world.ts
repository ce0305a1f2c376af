import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'

export interface World {
  page: Page
  served: ServedPage
}

interface WorldOptions {
  browser: Browser
  node?: Parameters<typeof servePage>[0]
  context?: BrowserContextOptions
}

export const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
export const laptop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

/** Runs with a node of its own; fails if the browser complained about anything. */
export async function inWorld({ browser, node, context }: WorldOptions, work: (world: World) => Promise<void>): Promise<void> {
  const served = await servePage(node)
  const { page, complaints } = await openPage(browser, served.url, context)
  try {
    await work({ page, served })
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed.png' }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
}
