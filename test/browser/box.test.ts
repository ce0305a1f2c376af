import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MemoryBox } from '@holt/admin/testing/memory-box.ts'
import { type MemoryBoxMachine, RECOVERY_KEY } from '@holt/admin/testing/memory-box-machine.ts'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { giveAgain, openPlace, PASSWORD, setUp } from './steps.ts'

/** The Box page in a real browser, over a machine in memory. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

/** Longer than the password holds. */
const LEFT_OPEN_MS = 6 * 60_000

interface World {
  page: Page
  machine: MemoryBoxMachine
  served: ServedPage
  complaints: string[]
}

async function onBox(work: (world: World) => Promise<void>, { width = 1280, steps = 5, stepMs = 1 } = {}): Promise<void> {
  const served = await servePage({ box: true, steps, stepMs })
  const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
  try {
    await setUp(page, served.code, [])
    await openPlace(page, 'Box')
    await page.getByRole('heading', { name: 'Updates' }).waitFor()
    await work({ page, machine: (served.node.box as MemoryBox).machine, served, complaints })
    assert.deepEqual(complaints, [])
  } catch (error) {
    await page.screenshot({ path: 'test-results/failed-box.png' }).catch(() => {})
    throw error
  } finally {
    await page.context().close()
    await served.close()
  }
}

const offer = { path: '/data/system/updates/tree/holt-0.2.0.raucb', version: '0.2.0', changes: 'More otters.', built: '2026-11-20' }

test('a node that runs on no box has no such page', async () => {
  const served = await servePage()
  const { page } = await openPage(browser, served.url)
  await setUp(page, served.code, [])
  assert.equal(await page.getByRole('link', { name: 'Box' }).count(), 0)
  await page.context().close()
  await served.close()
})

test('a newer version is found, told with what it changes, installed and started; the page waits for the box', async () => {
  await onBox(
    async ({ page, machine, complaints }) => {
      await page.getByText('No newer version is here.').waitFor()
      machine.inTree = [offer]
      await page.getByRole('button', { name: 'Look now' }).click()
      await page.getByText('More otters.').waitFor()
      await page.getByRole('button', { name: 'Install version 0.2.0' }).click()
      await page.getByRole('progressbar', { name: 'Installing version 0.2.0' }).waitFor()
      await page.getByText('Version 0.2.0 is installed and runs after a restart.').waitFor()
      await page.getByRole('button', { name: 'Restart now' }).click()
      await page.getByRole('heading', { name: 'The box restarts' }).waitFor()
      assert.deepEqual(machine.power, ['restart'])
      const gone = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/session'))
      await page.route('**/api/session', (route) => route.abort())
      await gone
      machine.updates = { ...machine.updates, version: '0.2.0', onTrial: true, next: null }
      await page.unroute('**/api/session')
      await page.getByText('Version 0.2.0 is on trial.').waitFor()
      // that it was away the browser says too
      for (const text of complaints.splice(0)) assert.match(text, /ERR_FAILED/)
    },
    { steps: 20, stepMs: 30 },
  )
})

test('an installation is cancelled; one that is refused says why; a version that fell back is told', async () => {
  await onBox(
    async ({ page, machine }) => {
      machine.offers = [offer]
      machine.updates = { ...machine.updates, fellBackFrom: '0.1.9' }
      await page.reload()
      await page.getByText('Version 0.1.9 did not work').waitFor()
      await page.getByRole('button', { name: 'Install version 0.2.0' }).click()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByText('Cancelled. The box stays as it is.').waitFor()
      assert.equal(machine.updates.next, null)
      await page.getByRole('button', { name: 'Dismiss' }).click()
      machine.given = null
      machine.offers = []
      await page.getByRole('button', { name: 'Install version 0.2.0' }).click()
      await page.getByText('It is not signed by anyone this box trusts').waitFor()
    },
    { steps: 1000, stepMs: 20 },
  )
})

test('a file of the owner is sent, told what it is, and installed; what is no update is not kept', async () => {
  await onBox(async ({ page, machine }) => {
    await page.getByRole('button', { name: 'From a file …' }).click()
    const file = { name: 'holt.raucb', mimeType: 'application/octet-stream', buffer: Buffer.alloc(200_000) }
    machine.given = null
    await page.locator('input[data-give]').setInputFiles([file])
    await page.getByText('It is not signed by anyone this box trusts').waitFor()
    machine.given = { version: '0.3.0', changes: 'Fewer otters.', built: '2026-11-21' }
    await page.locator('input[data-give]').setInputFiles([file])
    await page.getByText('Fewer otters.').waitFor()
    assert.equal(await page.getByRole('dialog').getByRole('button', { name: 'Install version 0.3.0' }).count(), 1)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })
})

test('the plan is changed, and what cannot be is said at its field', async () => {
  await onBox(async ({ page, machine }) => {
    await page.getByLabel('From', { exact: true }).selectOption('22')
    await page.getByLabel('For how many hours').fill('30')
    await page.getByText('From 1 to 24.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true)
    await page.getByLabel('For how many hours').fill('3')
    await page.getByLabel('Folder of your files').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The plan is kept').waitFor()
    assert.deepEqual(machine.plan, { automatic: true, fromHour: 22, hours: 3, spreadDays: 3, treeFolder: null })
    await page.getByLabel('Install newer versions by itself').uncheck()
    await page.getByRole('button', { name: 'Discard' }).click()
    assert.equal(await page.getByLabel('Install newer versions by itself').isChecked(), true)
  })
})

test('a drive is offered with its health, erased only by the words that name it, and becomes one of the storage', async () => {
  await onBox(
    async ({ page, machine, served }) => {
      machine.health.set('/dev/sda', {
        state: 'failing',
        temperature: 41,
        hours: 100,
        defects: 3,
        wearPercent: null,
        problems: ['3 sectors cannot be read'],
      })
      await page.reload()
      await page.getByText('3 sectors cannot be read.').waitFor()
      await page.getByText('“Holiday” (ntfs').waitFor()
      assert.equal(await page.getByRole('button', { name: 'Use for Holt …' }).count(), 1, 'not the one it runs from')
      await page.getByRole('button', { name: 'Use for Holt …' }).click()
      const erase = page.getByRole('button', { name: 'Erase and use it' })
      await page.getByLabel('Type “erase BP4711” to agree').fill('erase BP4712')
      assert.equal(await erase.isDisabled(), true)
      await page.getByLabel('Type “erase BP4711” to agree').fill('erase BP4711')
      await erase.click()
      await page.getByRole('progressbar', { name: 'Preparing /dev/sda' }).waitFor()
      await page.getByText('It is a drive of your storage now.').waitFor()
      await page.getByText('keeps your files').waitFor()
      assert.equal(served.node.drives.at(-1)?.folder, '/data/drives/bp4711/holt')
      // after a reset of the box the drive is still prepared, and nobody's
      served.node.drives = []
      await page.getByRole('button', { name: 'Add to storage' }).click()
      await page.getByText('It is a drive of your storage now', { exact: true }).waitFor()
      assert.equal(served.node.drives.length, 1)
    },
    { steps: 20, stepMs: 30 },
  )
})

test('who wants to add a drive is led here', async () => {
  await onBox(async ({ page }) => {
    await openPlace(page, 'Storage')
    await page.getByRole('button', { name: 'Add drive' }).click()
    await page.getByRole('link', { name: 'To the page Box' }).click()
    await page.getByText('Birch Portable').waitFor()
    assert.equal(await page.getByRole('dialog').count(), 0)
  })
})

test('SSH is turned on with a key and the password; a private key is refused where it is typed', async () => {
  await onBox(async ({ page, machine, served }) => {
    served.later(LEFT_OPEN_MS)
    const key = `ssh-ed25519 ${'A'.repeat(68)} me@laptop`
    await page.getByRole('switch', { name: 'SSH is on' }).check()
    await page.getByText('Add a key first').waitFor()
    await page.getByLabel('Public key of your computer').fill('-----BEGIN OPENSSH PRIVATE KEY-----')
    await page.getByRole('button', { name: 'Add key' }).click()
    await page.getByText('This is a private key').waitFor()
    await page.getByLabel('Public key of your computer').fill(key)
    await page.getByRole('button', { name: 'Add key' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await giveAgain(page, 'not this one at all')
    await page.getByText('The password is not right.').waitFor()
    assert.equal(machine.ssh.enabled, false)
    await giveAgain(page)
    await page.getByText('ssh owner@127.0.0.1').waitFor()
    assert.deepEqual(
      machine.ssh.keys.map(({ text }) => text),
      [key],
    )
    await page.getByRole('button', { name: 'Remove the key me@laptop' }).click()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByText('ssh owner@127.0.0.1').waitFor()
  })
})

test('clock, lock and account tell how they are', async () => {
  await onBox(async ({ page, machine }) => {
    await page.getByText('the network (pool.ntp.org)').waitFor()
    await page.getByText('its security chip (TPM 2.0 of STM) keeps the key').waitFor()
    await page.getByText('Its password is your owner password').waitFor()
    machine.time = { ...machine.time, synchronized: false, server: null }
    machine.tpm = { present: false, version: null, maker: null, dataKeySealed: false, recoveryKey: false, endorsements: [] }
    await page.reload()
    await page.getByRole('button', { name: 'Take the time of this computer' }).click()
    await page.getByText('The clock is set').waitFor()
    assert.ok(Math.abs(machine.time.now - Date.now() / 1000) < 60)
    await page.getByText('The box has no security chip').waitFor()
    delete (machine.handlers as Record<string, unknown>)['box.updates.status']
    await page.reload()
    await page.getByRole('heading', { name: 'Clock' }).waitFor()
    await page
      .locator('section', { has: page.getByRole('heading', { name: 'Updates' }) })
      .getByRole('alert')
      .waitFor()
  })
})

test('a recovery key is shown once, to who knows the password', async () => {
  await onBox(async ({ page, machine, served }) => {
    served.later(LEFT_OPEN_MS)
    await page.getByText('Should the chip fail').waitFor()
    await page.getByRole('button', { name: 'Make a recovery key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a recovery key' }).click()
    await giveAgain(page, 'not this one at all')
    await page.getByText('The password is not right.').waitFor()
    assert.equal(machine.tpm.recoveryKey, false)
    await giveAgain(page)
    await page.locator('.recovery-key').waitFor()
    const shown = await page.locator('.recovery-key span').allTextContents()
    assert.equal(shown.join('-'), RECOVERY_KEY)
    await page.getByRole('img', { name: 'The recovery key as a code to scan' }).waitFor()
    await page.waitForFunction(() => (document.querySelector('.recovery-code') as HTMLImageElement).naturalWidth > 0)
    await page.emulateMedia({ media: 'print' })
    // only the sheet is printed
    await page.getByRole('heading', { name: 'Updates' }).waitFor({ state: 'hidden' })
    assert.equal(await page.locator('.recovery-key').isVisible(), true)
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('There is a recovery key for when the chip refuses.').waitFor()
    assert.equal(await page.locator('.recovery-key').count(), 0)
  })
})

test('everything is erased only by the words and the password', async () => {
  await onBox(async ({ page, machine }) => {
    await page.getByRole('button', { name: 'Factory reset …' }).click()
    const erase = page.getByRole('button', { name: 'Erase everything' })
    await page.getByLabel('Your owner password').fill(PASSWORD)
    await page.getByLabel('Type “erase everything” to agree').fill('erase all')
    assert.equal(await erase.isDisabled(), true)
    await page.getByLabel('Type “erase everything” to agree').fill('erase everything')
    await erase.click()
    await page.getByRole('heading', { name: 'The box erases itself' }).waitFor()
    assert.deepEqual(machine.power, ['reset'])
  })
})

test('the box is switched off', async () => {
  await onBox(async ({ page, machine }) => {
    await page.getByRole('button', { name: 'Shut down' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    assert.deepEqual(machine.power, [])
    await page.getByRole('button', { name: 'Shut down' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Shut down' }).click()
    await page.getByText('it can be unplugged').waitFor()
    assert.deepEqual(machine.power, ['shutdown'])
  })
})

test('everything fits a phone, and every control has a name', async () => {
  await onBox(
    async ({ page, machine }) => {
      machine.offers = [offer]
      machine.updates = { ...machine.updates, fellBackFrom: '0.1.9', next: 'rootfs.1' }
      await page.reload()
      await page.getByText('More otters.').waitFor()
      await page.getByText('Birch Portable').waitFor()
      await page.getByRole('switch', { name: 'SSH is on' }).check()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.equal(wide, 0)
      const unnamed = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('main button, main input, main select, nav a')]
          .filter((control) => control.checkVisibility())
          .filter((control) => {
            const labels = [...((control as HTMLInputElement).labels ?? [])].map((label) => label.innerText)
            return ![control.innerText, control.getAttribute('aria-label'), ...labels].some((text) => text?.trim())
          })
          .map((control) => control.outerHTML.slice(0, 100)),
      )
      assert.deepEqual(unnamed, [])
    },
    { width: 360 },
  )
})
