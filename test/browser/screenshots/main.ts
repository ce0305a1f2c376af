// `npm run screenshots`: every page and the main flows, on a phone and a laptop, by day and by night, into test-results/screenshots;
// those that the documents show go into docs/screenshots.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchChromium, openPage } from '../browser.ts'
import { servePage } from '../served-page.ts'
import { boxPictures, fillBox } from './box.ts'
import { asWebp, Camera, type Scheme, type Size } from './camera.ts'
import { everydayPictures } from './everyday.ts'
import { kept } from './kept.ts'
import { setUpPictures } from './set-up.ts'

const folder = process.argv[2] ?? 'test-results/screenshots'
const shown = 'docs/screenshots'

async function pictures(browser: Browser, size: Size, scheme: Scheme): Promise<Camera> {
  const camera = new Camera(folder, { size, scheme })
  const served = await servePage({ box: true, https: true, stepMs: 60, steps: 100 })
  const { page, complaints } = await openPage(browser, served.url, camera.view)
  page.setDefaultTimeout(15_000)
  await camera.attempt('the set-up', () => setUpPictures(camera, page, served))
  fillBox(served)
  await camera.attempt('every day', () => everydayPictures(camera, page, served))
  await camera.attempt('sign-in', async () => {
    const stranger = await openPage(browser, served.url, camera.view)
    await stranger.page.getByLabel('Owner password').waitFor()
    await camera.shoot(stranger.page, 'sign-in')
    await stranger.page.context().close()
  })
  await camera.attempt('the box', () => boxPictures(camera, page, served))
  for (const complaint of complaints) camera.problems.push(complaint)
  await page.context().close()
  await served.close()
  return camera
}

const browser = await launchChromium()
await mkdir(folder, { recursive: true })
const cameras: Camera[] = []
for (const size of ['phone', 'wide'] as const)
  for (const scheme of ['light', 'dark'] as const) cameras.push(await pictures(browser, size, scheme))

await mkdir(shown, { recursive: true })
let bytes = 0
for (const name of kept) {
  const webp = await asWebp(browser, await readFile(join(folder, `${name}.png`)))
  await writeFile(join(shown, `${name}.webp`), webp)
  bytes += webp.length
}
await browser.close()
const taken = cameras.flatMap((camera) => camera.taken)
console.log(`${taken.length} pictures in ${folder}, ${kept.length} of them (${Math.round(bytes / 1024)} KiB) in ${shown}`)
const problems = cameras.flatMap((camera) => camera.problems)
for (const problem of problems) console.log(problem)
process.exitCode = problems.length > 0 ? 1 : 0
