import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { encode } from 'uqr'
import { TestNode, temporaryFolder, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'
import { openPlace, PASSWORD, typeCode } from './steps.ts'
import { picture } from './sample-files.ts'

/**
 * From the picture in the terminal to the first photo stored and seen, on a phone, with no terminal after it.
 *
 * The browser is quicker than a person, so the person is reckoned by the keystroke-level model (Card, Moran and Newell 1980), with
 * a phone's slow keys and the words written down by hand; the sum is what must fit.
 */
const FIVE_MINUTES_MS = 5 * 60_000
const person = { tapMs: 1100, decideMs: 1350, keyMs: 500, writeWordMs: 5000 }

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

/** Counts what the person does; what only the machine does costs what it takes. */
class Stopwatch {
  taps = 0
  keys = 0
  wordsWritten = 0
  readonly #begunMs = performance.now()
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async tap(name: string): Promise<void> {
    this.taps++
    await this.#page.getByRole('button', { name, exact: true }).tap()
  }

  async type(label: string, text: string): Promise<void> {
    this.taps++
    this.keys += text.length
    await this.#page.getByLabel(label, { exact: true }).fill(text)
  }

  get machineMs(): number {
    return performance.now() - this.#begunMs
  }

  get personMs(): number {
    const { tapMs, decideMs, keyMs, writeWordMs } = person
    return this.taps * (tapMs + decideMs) + this.keys * keyMs + this.wordsWritten * writeWordMs
  }
}

async function freshNode(context: TestContext): Promise<TestNode> {
  const node = new TestNode(join(await temporaryFolder(context), 'data'), { page: true, listen: '::' })
  context.after(() => node.kill())
  await node.start()
  await until('the announcement', async () => /Ctrl-C stops/.test(node.log))
  return node
}

/** What the terminal shows, and that the picture there is of just this link. @returns the link. */
function linkInTerminal(log: string): string {
  const code = /Code\s+([A-Z0-9]{8})/.exec(log)?.[1]
  const page = /Page\s+http:\/\/127\.0\.0\.1:(\d+)\//.exec(log)?.[1]
  assert.ok(code !== undefined && page !== undefined, log)
  // A machine without a private address has no link for phones.
  const phone = /Phone\s+(\S+)/.exec(log)?.[1]
  const link = `${phone ?? `http://127.0.0.1:${page}/`}#code=${code}`
  if (phone === undefined) return link
  const { data, size } = encode(link, { border: 2 })
  assert.deepEqual(drawnIn(log).slice(0, size), data)
  return link
}

/** Two rows of squares to a line of text. */
function drawnIn(log: string): boolean[][] {
  const lines = log.split('\n').filter((line) => /^[█▀▄ ]{20,}$/.test(line))
  return lines.flatMap((line) => {
    const dark = (shapes: string): boolean[] => Array.from(line, (shape) => !shapes.includes(shape))
    return [dark('█▀'), dark('█▄')]
  })
}

test('a phone goes from the code to the first photo stored and seen within five minutes', { timeout: FIVE_MINUTES_MS }, async (context) => {
  const node = await freshNode(context)
  const link = linkInTerminal(node.log)
  const { page, complaints } = await openPage(browser, link, { viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true })
  context.after(() => page.context().close())
  const watch = new Stopwatch(page)

  await watch.tap('Begin')
  assert.doesNotMatch(page.url(), /code=/, 'the code is gone from the address')
  await watch.type('Password', PASSWORD)
  await watch.type('The same again', PASSWORD)
  await watch.tap('Set password')
  await watch.tap('Make a new root key For a first node. It takes a pen and two minutes.')
  await page.getByRole('heading', { name: 'Write down these 24 words' }).waitFor()
  const words = await page.locator('.word').allTextContents()
  watch.wordsWritten = words.length
  await watch.tap('I have written them down')
  await page
    .getByLabel(/^Word \d+$/)
    .first()
    .waitFor()
  for (const label of await page.locator('label', { hasText: /^Word \d+$/ }).allTextContents())
    await watch.type(label, words[Number(label.slice(5)) - 1] as string)
  await watch.tap('Check')
  await watch.tap('Skip: the words on paper are enough')
  await watch.tap('Continue')
  const photo = { name: 'First photo.png', mimeType: 'image/png', buffer: picture(1600, 1200, 1) }
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), watch.tap('Add my first photos')])
  watch.taps += 2 // in the phone's own gallery
  await chooser.setFiles([photo])
  await page.getByText('1 file uploaded').first().waitFor()
  await page.getByRole('main').getByText(photo.name).first().tap()
  watch.taps++
  const seen = page.locator(`img[alt="${photo.name}"]`).first()
  await seen.waitFor()
  await page.waitForFunction(
    (name) => [...document.images].some(({ alt, naturalWidth }) => alt === name && naturalWidth === 1600),
    photo.name,
  )

  const { machineMs, personMs, taps, keys } = watch
  const seconds = (ms: number): string => (ms / 1000).toFixed(1)
  console.log(
    `from the code to the first photo: ${taps} taps, ${keys} keys, 24 words by hand; ` +
      `the page took ${seconds(machineMs)} s, a person is reckoned to take ${seconds(personMs)} s`,
  )
  assert.ok(machineMs + personMs < FIVE_MINUTES_MS, 'a person is done within five minutes')
  assert.ok(taps <= 17, 'it stays as short as it is')
  assert.equal((await node.call('files.stat', { path: `/${photo.name}` })).sizeBytes, photo.buffer.length)
  await page.goBack().catch(() => {})
  await openPlace(page, 'Home')
  await page.getByRole('heading').first().waitFor()
  // Said of every page that is neither on HTTPS nor on the machine itself.
  assert.deepEqual(
    complaints.filter((text) => !text.includes('Cross-Origin-Opener-Policy')),
    [],
  )
})

/** Which squares of a picture are dark. */
async function squaresOf(picture: Locator, size: number): Promise<boolean[][]> {
  const side = 4 * size
  const pixels = await picture.evaluate(async (element, side) => {
    const image = element as HTMLImageElement
    await image.decode()
    const context = new OffscreenCanvas(side, side).getContext('2d') as OffscreenCanvasRenderingContext2D
    context.drawImage(image, 0, 0, side, side)
    return Array.from(context.getImageData(0, 0, side, side).data)
  }, side)
  const isDark = (row: number, column: number): boolean => (pixels[4 * ((4 * row + 2) * side + 4 * column + 2)] ?? 255) < 128
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => isDark(row, column)))
}

test('a laptop shows the way to go on by phone, or says what is missing for it', async (context) => {
  const node = await freshNode(context)
  const link = linkInTerminal(node.log)
  const code = link.slice(-8)
  const { page } = await openPage(browser, link.replace(/#.*/, ''), { viewport: { width: 1280, height: 800 } })
  context.after(() => page.context().close())
  await typeCode(page, code)
  await page.getByRole('button', { name: 'Go on with your phone' }).click()
  const dialog = page.getByRole('dialog')
  if (link.startsWith('http://127.')) return dialog.getByText('Only this machine can reach the page').waitFor()
  await dialog.getByText(link.replace(/#.*/, '')).waitFor()
  const { data, size } = encode(link, { border: 3 })
  assert.deepEqual(await squaresOf(dialog.getByRole('img'), size), data)
})
