// Draws the page Home as a browser that was never there, then again: `first-paint.ts ORIGIN COOKIES`, cookies as curl keeps them.
// Prints { "first": { "paintMs", "usefulMs" }, "again": … }: when anything is drawn, and when it says whether everything is safe.
import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../browser/browser.ts'

const [origin, cookies] = process.argv.slice(2) as [string, string]
const LIMIT_MS = 120_000

/** A text, since what compiles this file adds calls to functions that the page does not have. */
const noticing = `const look = () => {
  if (document.querySelector('.safety') === null) requestAnimationFrame(look)
  else window.usefulMs = performance.now()
}
requestAnimationFrame(look)`

/** A line of the file: domain, for subdomains too, path, secure, expiry, name, value. */
async function signIn(context: BrowserContext): Promise<void> {
  const lines = (await readFile(cookies, 'utf8')).split('\n').map((line) => line.replace(/^#HttpOnly_/, '').split('\t'))
  await context.addCookies(
    lines.filter(({ length }) => length === 7).map((line) => ({ url: origin, name: line[5] ?? '', value: line[6] ?? '' })),
  )
}

async function draw(page: Page): Promise<{ paintMs: number; usefulMs: number }> {
  await page.goto(`${origin}/#/home`, { timeout: LIMIT_MS })
  const useful = await page.waitForFunction(() => (window as { usefulMs?: number }).usefulMs, undefined, { timeout: LIMIT_MS })
  const usefulMs = (await useful.jsonValue()) as number
  const paintMs = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN)
  return { paintMs, usefulMs }
}

const browser = await launchChromium()
try {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  await signIn(context)
  await context.addInitScript({ content: noticing })
  const first = await draw(await context.newPage())
  const again = await draw(await context.newPage())
  console.log(JSON.stringify({ first, again }))
} finally {
  await browser.close()
}
