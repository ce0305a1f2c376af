import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { faultsInAllLights } from './axe.ts'
import { launchChromium } from './browser.ts'
import { picture } from './sample-files.ts'
import { pdf, tone } from './sample-media.ts'
import { setUp } from './steps.ts'
import { inWorld, laptop, phone } from './world.ts'

/** Looking at files in place: Markdown, PDF, and turning from one to the next. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const markdown = `# Our tree

Photos are **by year**, letters *by name*, [more](https://example.org/a) or [inside](#/owner) or [bad](javascript:alert(1)).

| what | where |
|------|-------|
| Films | <b>shelf</b> & box |

- [x] done
- a &amp; b

> said so

![lake](Lake%20at%20dawn.png) ![spy](https://spy.example/x.png) ![spy2](//spy.example/x.png)

<script>document.title = 'taken'</script>
<img src=x onerror="document.title='taken'">
`

test('Markdown shows as it is meant: no HTML of its own, nothing from elsewhere, pictures from beside it', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.write('/Lake at dawn.png', picture(60, 40, 1))
    tree.write('/Read me.md', Buffer.from(markdown))
    tree.write('/deep.md', Buffer.from(`${'>'.repeat(5000)} deep`))
    await page.reload()
    await page.getByRole('link', { name: 'Read me.md' }).click()
    const shown = page.locator('.markdown')
    await shown.getByRole('heading', { name: 'Our tree' }).waitFor()
    assert.equal(await shown.locator('strong').textContent(), 'by year')
    assert.equal(await shown.locator('td').nth(1).textContent(), '<b>shelf</b> & box')
    assert.match(String(await shown.locator('li').nth(1).textContent()), /a & b/)
    assert.equal(await shown.locator('blockquote').textContent(), 'said so')
    assert.equal(await shown.getByRole('checkbox').isChecked(), true)
    const links = await shown.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    assert.deepEqual(links, ['https://example.org/a'])
    assert.equal(await shown.locator('img').count(), 1)
    await page.waitForFunction(() => (document.querySelector('.markdown img') as HTMLImageElement).naturalWidth === 60)
    assert.equal(await shown.locator('script, b').count(), 0)
    assert.doesNotMatch(await page.title(), /taken/)
    assert.deepEqual(await faultsInAllLights(page, 'markdown'), [])
    await page.getByLabel('Show as it was typed').check()
    await page.locator('.preview-text pre', { hasText: '**by year**' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'deep.md' }).click()
    await page.locator('.preview-text', { hasText: 'deep' }).waitFor()
  })
})

test('a PDF shows in place by the browser itself, in a frame that is not this page', async () => {
  await inWorld({ browser, context: laptop }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    served.node.tree.write('/plan.pdf', pdf('Ground floor'))
    served.node.tree.write('/not one.pdf', Buffer.from('<script>parent.document.title = "taken"</script>'))
    await page.reload()
    assert.equal(await page.evaluate(() => navigator.pdfViewerEnabled), true, 'this browser has a viewer')
    for (const name of ['plan.pdf', 'not one.pdf']) {
      const [response] = await Promise.all([
        page.waitForResponse((one) => one.url().includes(encodeURIComponent(name))),
        page.getByRole('link', { name }).click(),
      ])
      assert.equal(response.headers()['content-type'], 'application/pdf')
      assert.match(String(response.headers()['content-security-policy']), /frame-ancestors 'self'/)
      await page.locator('iframe.preview-pdf').waitFor()
      await page.keyboard.press('Escape')
      await page.locator('.preview').waitFor({ state: 'detached' })
    }
    assert.doesNotMatch(await page.title(), /taken/)
  })
})

test('a browser without a viewer opens a PDF in a page of its own', async () => {
  await inWorld({ browser, context: phone }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    served.node.tree.write('/plan.pdf', pdf('Ground floor'))
    await page.reload()
    await page.evaluate("Object.defineProperty(Navigator.prototype, 'pdfViewerEnabled', { value: false })")
    await page.getByRole('link', { name: 'plan.pdf' }).click()
    const link = page.getByRole('link', { name: 'Open in a new tab' })
    assert.equal(await link.getAttribute('target'), '_blank')
    const response = await page.request.get(new URL(String(await link.getAttribute('href')), served.url).href)
    assert.equal(response.headers()['content-type'], 'application/pdf')
    assert.match(String(response.headers()['content-disposition']), /^inline/)
  })
})

async function swipe(page: Page, fromX: number, toX: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const at = (x: number) => [{ x, y: 360 }]
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(fromX) })
  for (let step = 1; step <= 4; step++)
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(fromX + ((toX - fromX) * step) / 4) })
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await session.detach()
}

test('a swipe turns to the next and back, as the arrow keys do', async () => {
  await inWorld({ browser, context: phone }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    for (const i of [1, 2, 3]) served.node.tree.write(`/${i}.png`, picture(200, 300, i))
    await page.reload()
    await page.getByRole('link', { name: '1.png' }).tap()
    const title = (name: string) => page.locator('.preview-title h2', { hasText: name }).waitFor()
    await title('1.png')
    await swipe(page, 300, 60)
    await title('2.png')
    await swipe(page, 180, 150)
    await swipe(page, 300, 60)
    await title('3.png')
    await swipe(page, 60, 300)
    await title('2.png')
    await page.keyboard.press('ArrowLeft')
    await title('1.png')
    await page.keyboard.press('ArrowRight')
    await title('2.png')
  })
})

test('shows pictures, sound with seeking, and text; never runs what a file contains', async () => {
  await inWorld({ browser }, async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.write('/1 wood.png', picture(320, 200, 1))
    tree.write('/2 tone.wav', tone(600))
    tree.write('/3 evil.html', Buffer.from('<script>parent.document.title="taken";document.title="taken"</script><b>bold</b>'))
    tree.write('/4 evil.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="taken"</script></svg>'))
    tree.write('/5 unknown.xyz', Buffer.from([1, 2, 3]))
    await page.reload()
    await page.getByRole('link', { name: '1 wood.png' }).click()
    const shown = page.locator('.preview-picture')
    await shown.waitFor()
    await page.waitForFunction(() => (document.querySelector('.preview-picture') as HTMLImageElement).naturalWidth === 320)
    await page.keyboard.press('ArrowRight')
    await page.locator('audio').waitFor()
    await page.waitForFunction(() => (document.querySelector('audio') as HTMLAudioElement).duration > 599)
    const [ranged] = await Promise.all([
      page.waitForResponse((response) => response.status() === 206 && !response.headers()['content-range']?.startsWith('bytes 0-')),
      page.evaluate(() => {
        ;(document.querySelector('audio') as HTMLAudioElement).currentTime = 550
      }),
    ])
    assert.match(String(ranged.headers()['content-range']), /^bytes \d+-\d+\/\d+$/)
    await page.waitForFunction(() => !(document.querySelector('audio') as HTMLAudioElement).seeking)
    await page.getByRole('button', { name: /^Next/ }).click()
    await page.locator('.preview-text pre', { hasText: '<b>bold</b>' }).waitFor()
    await page.getByRole('button', { name: /^Next/ }).click()
    await page.locator('.preview-text pre', { hasText: '<script>' }).waitFor()
    await page.getByRole('button', { name: /^Next/ }).click()
    await page.getByText('There is no preview for this kind of file.').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.preview').waitFor({ state: 'detached' })
    assert.doesNotMatch(await page.title(), /taken/)
    for (const name of ['3 evil.html', '4 evil.svg']) {
      const response = await page.request.get(`${served.url}api/files/content?view=1&path=${encodeURIComponent(`/${name}`)}`)
      assert.match(String(response.headers()['content-disposition']), /^attachment/)
    }
  })
})
