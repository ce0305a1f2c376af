import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['HOLT_CHROMIUM'] ?? '/usr/bin/chromium', args: ARGUMENTS })
}

export interface WatchedPage {
  page: Page
  /** What the browser complained about: console errors, faults of scripts, requests that went elsewhere or were blocked. */
  complaints: string[]
}

/** A page whose complaints are collected; `origin` is the only place it may call. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ acceptDownloads: true, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`fault: ${error.message}`))
  page.on('console', (message) => {
    // The browser reports every refusal of the node here too; those are part of what is tested.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource: the server responded with a status of 4'))
      complaints.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    // the browser's own viewer of PDF is an extension of it, with resources of its own
    const target = request.url()
    if (!target.startsWith(new URL(url).origin) && !/^(blob|data|about|chrome|chrome-extension):/.test(target))
      complaints.push(`request to ${target}`)
  })
  await page.goto(url)
  return { page, complaints }
}
