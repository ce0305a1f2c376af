import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { servePage } from './served-page.ts'
import { openPlace, setUp } from './steps.ts'

/** The page as something that is installed: how much comes first, what shows without the node, and that nothing jumps. */

const dist = fileURLToPath(new URL('../../dist/ui', import.meta.url))
const FIRST_PAGE_BYTES = 120 * 1024
const MOST_FIRST_FILES = 12

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
}

test('what comes before the first page is small: each way it may begin, and English with it', async () => {
  const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  const reached = (name: string, found = new Set<string>()): Set<string> => {
    const { file, css = [], imports = [] } = manifest[name] as Chunk
    if (found.has(file)) return found
    for (const one of [file, ...css]) found.add(one)
    for (const one of imports) reached(one, found)
    return found
  }
  for (const first of ['home/home-page.tsx', 'files/files-page.tsx']) {
    assert.ok(manifest[first], `${first} is a file of its own`)
    const files = ['index.html', ...new Set([...reached('index.html'), ...reached(first)])]
    const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(join(dist, file)), { level: 9 }).length))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    console.log(`${first}: ${files.length} files, ${bytes} bytes with gzip`)
    assert.ok(files.length <= MOST_FIRST_FILES, `${first} comes as ${files.length} files`)
    assert.ok(bytes <= FIRST_PAGE_BYTES, `${first} comes with ${bytes} bytes`)
    assert.ok(!files.some((file) => /\/(de|box-page|network-page)-/.test(file)), files.join())
  }
})

test('scripts and styles come compressed to who takes that, and are the same', async () => {
  const served = await servePage()
  const get = async (path: string, encoding: string) => {
    const answer = await once(request(new URL(path, served.url), { headers: { 'accept-encoding': encoding } }).end(), 'response')
    const [response] = answer as [IncomingMessage]
    return { headers: response.headers, body: Buffer.concat(await response.toArray()) }
  }
  try {
    const page = (await get('./', 'identity')).body.toString()
    const first = /"(\.\/assets\/first-[^"]+\.js)"/.exec(page)?.[1] as string
    const plain = await get(first, 'identity')
    assert.equal(plain.headers['content-encoding'], undefined)
    for (const [encoding, opened] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const { headers, body } = await get(first, encoding)
      assert.equal(headers['content-encoding'], encoding)
      assert.match(headers['content-type'] ?? '', /javascript/)
      assert.match(headers['cache-control'] ?? '', /immutable/)
      assert.match(headers.vary ?? '', /accept-encoding/i)
      assert.ok(body.length < plain.body.length / 2)
      assert.deepEqual(opened(body), plain.body)
    }
    const visitor = await get('s/', 'gzip, br')
    assert.match(visitor.headers['content-security-policy'] as string, /wasm-unsafe-eval/)
  } finally {
    await served.close()
  }
})

test('has what a phone needs to install it', async () => {
  const served = await servePage()
  try {
    const manifest = await fetch(`${served.url}manifest.webmanifest`)
    assert.match(manifest.headers.get('content-type') ?? '', /^application\/manifest\+json/)
    const { icons, start_url } = (await manifest.json()) as { icons: { src: string; sizes: string; purpose?: string }[]; start_url: string }
    assert.equal(start_url, './')
    for (const { src, sizes } of icons) {
      const bytes = new Uint8Array(await (await fetch(new URL(src, served.url))).arrayBuffer())
      const view = new DataView(bytes.buffer)
      assert.equal(`${view.getUint32(16)}x${view.getUint32(20)}`, sizes, src)
    }
    assert.ok(icons.some(({ purpose }) => purpose === 'maskable'))
  } finally {
    await served.close()
  }
})

test('opens without the node, says so, and keeps nothing private', async () => {
  const served = await servePage()
  const { page, complaints } = await openPage(browser, served.url)
  try {
    await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
    fillNode(served.node)
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await page.reload()
    await page.getByText('Letters').waitFor()
    await openPlace(page, 'Home')
    await page.getByText('Nothing needs you now.').waitFor()
    const kept = await page.evaluate(async () => {
      const urls: string[] = []
      for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) urls.push(url)
      return urls
    })
    assert.ok(kept.length > 10)
    for (const url of kept) assert.match(url.slice(served.url.length), /^(assets\/[\w.-]+|icon-[\w-]+\.png|manifest\.webmanifest|)$/)
    assert.deepEqual(complaints, [])
    await served.admin.close()
    await page.reload()
    await page.getByRole('heading', { name: 'The node does not answer' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'The node does not answer' }).waitFor()
    assert.equal(await page.getByText('Letters').count(), 0)
  } finally {
    await page.context().close()
    await served.close()
  }
})

/** Cumulative layout shift, as browsers measure it, of what nobody did. */
const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
            if (!entry.hadRecentInput) sum += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(sum), 300)
      }),
  )

test('nothing on the lists jumps while they come', async () => {
  const served = await servePage()
  const { page } = await openPage(browser, served.url)
  try {
    await setUp(page, served.code, ['/mnt/oak', '/mnt/ash', '/mnt/birch'])
    fillNode(served.node)
    for (const target of ['files', 'storage', 'home', 'system'])
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 800 })
        await page.goto(`${served.url}?${target}${width}#/${target}`)
        await page.locator('h1, .breadcrumb').first().waitFor()
        await page.waitForLoadState('networkidle')
        const shift = await shiftOf(page)
        assert.ok(shift < 0.1, `${target} at ${width} px shifts by ${shift}`)
      }
  } finally {
    await page.context().close()
    await served.close()
  }
})
