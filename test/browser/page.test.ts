import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { launchChromium, openPage } from './browser.ts'
import { picture } from './sample-files.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { confirmWords, downloadOf, makeKey, openPlace, PASSPHRASE, PASSWORD, setPassword, setUp, signIn, typeCode } from './steps.ts'
import { tone } from './sample-media.ts'

/** The page in a real browser over a node in memory: what a person can do, and that nothing is called from elsewhere. */

let browser: Browser
let folder: string
before(async () => {
  browser = await launchChromium()
  folder = await mkdtemp(join(tmpdir(), 'holt-browser-'))
})
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

interface World {
  page: Page
  served: ServedPage
}

/** Runs with a node of its own; fails if the browser complained about anything. */
async function inWorld(work: (world: World) => Promise<void>, options: Parameters<typeof servePage>[0] = {}): Promise<void> {
  const served = await servePage(options)
  const { page, complaints } = await openPage(browser, served.url)
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

const drives = ['/mnt/a', '/mnt/b', '/mnt/c', '/mnt/d', '/mnt/e']

test('the wizard tells wrong codes and words, survives reloads, and leads to the files', async () => {
  await inWorld(async ({ page, served }) => {
    await typeCode(page, 'WRONG234')
    await page.getByText('The code is not right.').waitFor()
    await typeCode(page, served.code.toLowerCase())
    await page.getByLabel('Password', { exact: true }).fill('short')
    assert.equal(await page.getByRole('button', { name: 'Set password' }).isDisabled(), true)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('The same again').fill('something else')
    await page.getByText('The two are not the same.').waitFor()
    await setPassword(page)
    const words = await makeKey(page)
    assert.equal(words.length, 24)
    await page.reload()
    await page.locator('.word').nth(23).waitFor()
    assert.deepEqual(await page.locator('.word').allTextContents(), words, 'shown again until they are confirmed')
    await confirmWords(
      page,
      words.map(() => 'wrong'),
    )
    await page.getByText('Not the word on your sheet.').nth(2).waitFor()
    await page.getByRole('button', { name: 'Show the words again' }).click()
    await confirmWords(page, words)
    await page.getByRole('heading', { name: 'Save a backup file too' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Save a backup file too' }).waitFor()
    await page.getByRole('button', { name: /^Skip/ }).click()
    await page.getByText('/mnt/usb-stick/holt').click()
    await page.locator('.folder-name', { hasText: '/mnt/usb-stick/holt' }).waitFor()
    await page.getByLabel('Add a folder').fill('/mnt/foreign')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('This folder is not empty').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Open my files' }).click()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})

test('the wizard restores from words and from a backup file', async () => {
  await inWorld(async ({ page, served }) => {
    await typeCode(page, served.code)
    await setPassword(page)
    await page.getByRole('button', { name: 'I have a root key' }).click()
    const { words } = await served.node.call('key.words', {})
    await page.getByLabel('Your 24 words').fill(words.replace('able', 'abel'))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Word 3 is not in the list of words').waitFor()
    await page.getByRole('tab', { name: 'Backup file' }).click()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'holt-root-key.age', mimeType: '', buffer: Buffer.from('age-encryption.org/v1 a backup made by MemoryNode') })
    await page.getByLabel('Its passphrase').fill('wrong')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The passphrase does not open this file.').waitFor()
    await page.getByLabel('Its passphrase').fill(PASSPHRASE)
    await page.getByRole('button', { name: 'Continue' }).click()
    for (const drive of ['/mnt/a', '/mnt/b']) {
      await page.getByLabel('Add a folder').fill(drive)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
    }
    await page.getByRole('button', { name: 'Bring everything back' }).click()
    await page.getByText('Everything was read back.').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Open my files' }).click()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})

test('signs out and in; a wrong password is told; a session that ended asks again', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    await page.evaluate(() => Object.assign(window, { before: true }))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Owner password').fill('not the password')
    assert.equal(await page.evaluate(() => 'before' in window), false, 'nothing of before is in memory')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The password is not right.').waitFor()
    await signIn(page)
    await page.getByRole('heading', { name: 'Files' }).waitFor()
    await page.context().clearCookies()
    await openPlace(page, 'Storage')
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await signIn(page)
    await page.getByRole('heading', { name: 'Drives' }).waitFor()
  })
})

test('uploads a folder with what is below it, and gives back the same bytes', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, drives)
    const source = join(folder, 'Journey')
    await mkdir(join(source, 'deep', 'er'), { recursive: true })
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7919) % 251))
    await writeFile(join(source, 'big.bin'), bytes)
    for (let i = 0; i < 30; i++) await writeFile(join(source, 'deep', `note ${i}.txt`), `note ${i}`)
    await writeFile(join(source, 'deep', 'er', 'ünï & #1?.txt'), 'odd name')
    await page.locator('input[data-upload=folder]').setInputFiles(source)
    await page.locator('.uploads-title', { hasText: '32 files uploaded' }).waitFor()
    await page.getByRole('link', { name: 'Journey' }).click()
    assert.ok((await downloadOf(page, 'big.bin')).equals(bytes))
    await page.getByRole('link', { name: 'deep' }).click()
    await page.getByText('note 29.txt').waitFor()
    assert.equal(await page.locator('tbody tr').count(), 31)
    await page.getByRole('link', { name: 'er', exact: true }).click()
    assert.equal((await downloadOf(page, 'ünï & #1?.txt')).toString(), 'odd name')
    await page.goBack()
    await page.getByText('note 29.txt').waitFor()
    assert.ok(Math.abs(served.node.tree.stat('/Journey/big.bin').modified - Date.now() / 1000) < 600)
  })
})

test('takes dropped files, and asks about names that are taken', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    served.node.tree.write('/a.txt', Buffer.from('old a'))
    served.node.tree.write('/b.txt', Buffer.from('old b'))
    served.node.tree.write('/c.txt', Buffer.from('old c'))
    await page.reload()
    await page.getByText('c.txt').waitFor()
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) data.items.add(new File([`new ${name}`], name))
      return data
    })
    const target = page.locator('.drop-target')
    await target.dispatchEvent('dragenter', { dataTransfer: transfer })
    await page.getByText('Drop to upload into Files').waitFor()
    await target.dispatchEvent('drop', { dataTransfer: transfer })
    await page.getByRole('heading', { name: '“a.txt” is there already' }).waitFor()
    await page.getByRole('button', { name: 'Keep both' }).click()
    await page.getByRole('heading', { name: '“b.txt” is there already' }).waitFor()
    await page.getByLabel('Do the same for all others').check()
    await page.getByRole('button', { name: 'Replace' }).click()
    await page.locator('.uploads-title', { hasText: '4 files uploaded' }).waitFor()
    const { tree } = served.node
    assert.equal(Buffer.from(tree.bytes('/a.txt')).toString(), 'old a')
    assert.equal(Buffer.from(tree.bytes('/a (2).txt')).toString(), 'new a.txt')
    for (const name of ['b.txt', 'c.txt', 'd.txt']) assert.equal(Buffer.from(tree.bytes(`/${name}`)).toString(), `new ${name}`)
    await page.getByRole('button', { name: 'Close the list' }).click()

    await page.getByRole('button', { name: 'More for b.txt', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Older versions' }).click()
    await page.getByRole('button', { name: 'Bring back' }).click()
    await page.getByText('The older version is the newest now').waitFor()
    assert.equal(Buffer.from(tree.bytes('/b.txt')).toString(), 'old b')
  })
})

test('a cancelled upload leaves nothing behind', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    const write = served.node.write.bind(served.node)
    served.node.write = async (path, body, options) => {
      await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()))
      return write(path, body, options)
    }
    await page.locator('input[data-upload=files]').setInputFiles([{ name: 'slow.bin', mimeType: '', buffer: Buffer.alloc(2_000_000) }])
    await page.locator('.uploads-title', { hasText: 'Uploading 1 of 1' }).waitFor()
    await page.getByRole('button', { name: 'Cancel all' }).click()
    await page.getByText('Cancelled').first().waitFor()
    served.node.write = write
    await page.reload()
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})

test('names, moves and deletes, by mouse and by keyboard', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    await page.getByRole('button', { name: 'New folder' }).click()
    await page.getByLabel('Name of the folder').fill('a/b')
    await page.getByText('A name cannot contain').waitFor()
    await page.getByLabel('Name of the folder').fill('Papers')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('link', { name: 'Papers' }).waitFor()
    for (const name of ['one.txt', 'three.txt', 'two.txt']) served.node.tree.write(`/${name}`, Buffer.from(name))
    await page.reload()

    await page.getByRole('link', { name: 'Papers' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('F2')
    await page.getByLabel('New name').waitFor()
    await page.keyboard.type('first')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'first.txt' }).waitFor()

    await page.getByRole('link', { name: 'first.txt' }).focus()
    await page.keyboard.press(' ')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press(' ')
    await page.getByText('2 selected').waitFor()
    await page.getByRole('button', { name: 'Move' }).click()
    await page.locator('.chooser').getByRole('button', { name: 'Papers' }).click()
    await page.getByRole('button', { name: 'Move here' }).click()
    await page.getByText('2 items moved').waitFor()
    assert.deepEqual(
      served.node.tree.list('/Papers', {}).entries.map(({ name }) => name),
      ['first.txt', 'three.txt'],
    )

    await page.getByRole('link', { name: 'Papers' }).focus()
    await page.keyboard.press('Delete')
    await page.getByText('1 item is in the trash').waitFor()
    const top = () => served.node.tree.list('/', {}).entries.map(({ name }) => name)
    assert.deepEqual(top(), ['two.txt'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('1 item is back').waitFor()
    await page.getByRole('link', { name: 'Papers' }).waitFor()
    assert.deepEqual(top(), ['Papers', 'two.txt'])
    await page.getByRole('link', { name: 'Papers' }).focus()
    await page.keyboard.press('Delete')
    await page.getByText('1 item is in the trash').waitFor()
    assert.deepEqual(
      served.node.tree.list('/', {}).entries.map(({ name }) => name),
      ['two.txt'],
    )
  })
})

test('the trash puts back where it was, asks about what is taken, and is emptied', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters')
    tree.write('/Letters/mum.txt', Buffer.from('old'))
    tree.write('/other.txt', Buffer.from('other'))
    tree.putInTrash(['/Letters/mum.txt', '/other.txt'])
    tree.write('/Letters/mum.txt', Buffer.from('new'))
    await page.reload()
    await page.locator('.looks').getByRole('link', { name: 'Trash' }).click()
    await page.getByRole('heading', { name: 'Trash', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Put “mum.txt” back' }).click()
    await page.getByRole('dialog', { name: '“mum.txt” is there already' }).waitFor()
    await page.getByRole('button', { name: 'Keep both' }).click()
    await page.getByText('1 item is back where it was').waitFor()
    assert.equal(tree.list('/Letters', {}).entries.length, 2)
    assert.equal(Buffer.from(tree.bytes('/Letters/mum.txt')).toString(), 'new')
    await page.getByRole('button', { name: 'Empty the trash' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Empty the trash' }).click()
    await page.getByText('1 item was removed for good').waitFor()
    await page.getByRole('heading', { name: 'The trash is empty' }).waitFor()
  })
})

test('searches by name below the folder that shows, and opens what was found', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters/Café', true)
    tree.write('/Letters/Café/Menü 2026.txt', Buffer.from('soup of the day'))
    tree.write('/Letters/menu.txt', Buffer.from('old'))
    tree.write('/other.txt', Buffer.from('x'))
    await page.reload()
    await page.getByRole('searchbox', { name: 'Search by name' }).fill('menu')
    await page.getByText('2 hits among 5 names').waitFor()
    await page.getByRole('link', { name: 'Menü 2026.txt' }).click()
    await page.getByRole('dialog', { name: 'Menü 2026.txt' }).getByText('soup of the day').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').press('Escape')
    await page.getByRole('link', { name: 'other.txt' }).waitFor()
  })
})

test('a folder, and what is selected, download as one archive', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    const { tree } = served.node
    tree.makeDirectory('/Letters')
    tree.write('/Letters/mum.txt', Buffer.from('dear mum'))
    tree.write('/note.txt', Buffer.from('a note'))
    await page.reload()
    await page.getByRole('button', { name: 'More for Letters', exact: true }).click()
    const [folder] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Download as ZIP' }).click()])
    assert.equal(folder.suggestedFilename(), 'Letters.zip')
    assert.ok((await readFile(await folder.path())).includes('dear mum'))
    for (const name of ['Letters', 'note.txt']) await page.getByLabel(`Select ${name}`, { exact: true }).check()
    const [both] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
    assert.equal(both.suggestedFilename(), 'Holt.zip')
    const bytes = await readFile(await both.path())
    assert.ok(bytes.includes('dear mum') && bytes.includes('a note'))
  })
})

test('shows pictures, sound with seeking, and text; never runs what a file contains', async () => {
  await inWorld(async ({ page, served }) => {
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

test('storage tells what is survived, shows a lost drive, verifies, cancels, repairs', async () => {
  await inWorld(
    async ({ page, served }) => {
      await setUp(page, served.code, drives)
      await openPlace(page, 'Storage')
      await page.getByText('Your files survive the loss of any 2 drives').waitFor()
      await page.getByRole('button', { name: 'Verify' }).click()
      await page.getByRole('heading', { name: 'Verifying' }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: 'Verifying' }).waitFor()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByText('What was done so far stays done').waitFor()

      served.node.loseDrive('/mnt/c')
      await page.getByText('One drive is lost').waitFor()
      await page.locator('.drive.missing', { hasText: '/mnt/c' }).getByText('Lost').waitFor()
      await page.getByText('They survive the loss of one more').waitFor()
      await page.getByRole('button', { name: 'Add drive' }).click()
      await page.getByLabel('Add a folder').fill('/mnt/fresh')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await page.locator('.drive', { hasText: '/mnt/fresh' }).waitFor()
      await page.getByRole('button', { name: 'Repair' }).click()
      await page.getByRole('heading', { name: 'Repaired' }).waitFor()
      await page.getByText('mended').first().waitFor()
      await page
        .locator('.drive.missing')
        .getByRole('button', { name: /^More for/ })
        .click()
      await page.getByRole('menuitem', { name: 'Forget' }).click()
      await page.getByRole('button', { name: 'Forget drive' }).click()
      await page.locator('.drive.missing').waitFor({ state: 'detached' })
    },
    { steps: 40, stepMs: 50 },
  )
})

test('changes the password and saves the backup file again', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, [])
    await openPlace(page, 'Owner')
    await page.getByLabel('Passphrase for the file').fill(PASSPHRASE)
    await page.getByLabel('The same again').fill(PASSPHRASE)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save backup file' }).click()])
    assert.match((await readFile(await download.path())).toString(), /^age-encryption/)
    await page.getByLabel('Password now').fill(PASSWORD)
    await page.getByLabel('New password').fill('quite another one')
    await page.getByLabel('The new one again').fill('quite another one')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('The password is changed').waitFor()
    await openPlace(page, 'Files')
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})

/** What a screen reader would not know what to call. */
function unnamed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), textarea, [role=progressbar], dialog[open]'),
    ]
    return controls
      .filter((control) => control.checkVisibility() && control.getAttribute('aria-hidden') !== 'true')
      .filter((control) => {
        const labels = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement ? [...(control.labels ?? [])] : []
        const by = control.getAttribute('aria-labelledby')
        const text = [
          control.innerText,
          control.getAttribute('aria-label'),
          control.title,
          ...labels.map((label) => label.innerText),
          by && document.getElementById(by)?.innerText,
        ]
        return !text.some((part) => part?.trim())
      })
      .map((control) => control.outerHTML.slice(0, 120))
  })
}

test('every control has a name, on every page and in every dialog', async () => {
  await inWorld(async ({ page, served }) => {
    await page.getByLabel('Set-up code').waitFor()
    assert.deepEqual(await unnamed(page), [])
    await setUp(page, served.code, drives)
    served.node.tree.write('/a.txt', Buffer.from('a'))
    served.node.tree.makeDirectory('/folder')
    for (const part of ['owner', 'storage', 'trash', 'files']) {
      await page.goto(`${served.url}#/${part}`)
      await page.locator('main h1').waitFor()
      assert.deepEqual(await unnamed(page), [], part)
    }
    await page.reload()
    const dialogs: [RegExp, RegExp][] = [
      [/^Older versions$/, /^Versions of/],
      [/^Rename$/, /^Rename$/],
      [/^Move to/, /^Move “a.txt”$/],
    ]
    for (const [item, title] of dialogs) {
      await page.getByRole('button', { name: 'More for a.txt', exact: true }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await page.getByRole('dialog', { name: title }).waitFor()
      assert.deepEqual(await unnamed(page), [], String(title))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      // The focus goes back to where it was.
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More for a.txt')
    }
  })
})

test('fits every width from 360 to 1440 without scrolling sideways', async () => {
  await inWorld(async ({ page, served }) => {
    await setUp(page, served.code, drives)
    served.node.tree.write(`/${'a very long name without end '.repeat(6)}.txt`, Buffer.from('x'))
    served.node.tree.write(`/${'x'.repeat(200)}.bin`, Buffer.from('x'))
    for (const width of [360, 559, 560, 680, 799, 800, 1100, 1440]) {
      await page.setViewportSize({ width, height: 800 })
      for (const part of ['files', 'storage', 'owner']) {
        await page.goto(`${served.url}#/${part}`)
        await page.locator('main h1').waitFor()
        const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth
        // once it is laid out: a frame may still have the width before
        await page.waitForFunction(fits, undefined, { timeout: 20_000 }).catch(() => assert.fail(`${part} scrolls sideways at ${width}`))
      }
    }
  })
})
