import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export const sizes = { phone: { width: 375, height: 740 }, wide: { width: 1440, height: 900 } }
export type Size = keyof typeof sizes
export type Scheme = 'light' | 'dark'

/** Takes pictures of one size and scheme. */
export class Camera {
  readonly size: Size
  readonly scheme: Scheme
  readonly taken: string[] = []
  /** Steps that did not come to their end. */
  readonly problems: string[] = []
  readonly #folder: string

  constructor(folder: string, { size, scheme }: { size: Size; scheme: Scheme }) {
    this.#folder = folder
    this.size = size
    this.scheme = scheme
  }

  /** What a browser is opened with. */
  get view(): BrowserContextOptions {
    const isPhone = this.size === 'phone'
    return {
      viewport: sizes[this.size],
      colorScheme: this.scheme,
      isMobile: isPhone,
      hasTouch: isPhone,
      deviceScaleFactor: isPhone ? 2 : 1,
    }
  }

  async shoot(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
    await page.waitForTimeout(300)
    const file = `${name}-${this.size}-${this.scheme}.png`
    await page.screenshot({ fullPage, path: join(this.#folder, file) })
    this.taken.push(file)
  }

  /** A step whose failure does not spoil the others: it is told at the end. */
  async attempt(what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.problems.push(`${what} (${this.size}, ${this.scheme}): ${(error as Error).message.split('\n')[0] ?? ''}`)
    }
  }
}

/** A picture as WebP, by the browser: a third of what PNG needs. */
export async function asWebp(browser: Browser, png: Buffer): Promise<Buffer> {
  const darkroom = await browser.newPage()
  const base64 = await darkroom.evaluate(async (text) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 })).arrayBuffer())
    let binary = ''
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(binary)
  }, png.toString('base64'))
  await darkroom.close()
  return Buffer.from(base64, 'base64')
}
