// `node --import tsx test/browser/screenshots.ts [FOLDER [box]]`: a picture of every page, small and wide, by day and by night.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskInfo } from '@holt/control/box/methods.ts'
import type { MemoryBox } from '@holt/admin/testing/memory-box.ts'
import type { MemoryBoxMachine } from '@holt/admin/testing/memory-box-machine.ts'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, openPage } from './browser.ts'
import { fillNode } from './sample-files.ts'
import { type ServedPage, servePage } from './served-page.ts'
import { addDrives, confirmWords, makeKey, openPlace, saveBackup, setPassword, setUp, typeCode } from './steps.ts'

const folder = process.argv[2] ?? 'test-results/screenshots'
/** Only those of a box. */
const boxOnly = process.argv[3] === 'box'
const sizes = { phone: { width: 360, height: 740 }, wide: { width: 1440, height: 900 } }
const drives = ['/mnt/oak', '/mnt/ash', '/mnt/birch', '/mnt/elm', '/mnt/rowan']

async function allPages(browser: Browser, size: keyof typeof sizes, colorScheme: 'light' | 'dark'): Promise<void> {
  const served = await servePage({ stepMs: 60, steps: 100 })
  const { page, complaints } = await openPage(browser, served.url, {
    viewport: sizes[size],
    colorScheme,
    isMobile: size === 'phone',
    hasTouch: size === 'phone',
  })
  const shoot = async (name: string): Promise<void> => {
    await page.waitForTimeout(250)
    await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) })
  }
  if (!boxOnly) {
    await wizard(page, served, shoot)
    await files(page, served, shoot)
    await storage(page, served, shoot)
  }
  await box(browser, { viewport: sizes[size], colorScheme }, (name) => `${name}-${size}-${colorScheme}.png`)
  for (const complaint of complaints) console.log(`${size} ${colorScheme}: ${complaint}`)
  await page.context().close()
  await served.close()
}

type Shoot = (name: string) => Promise<void>

async function wizard(page: Page, { code }: ServedPage, shoot: Shoot): Promise<void> {
  await page.getByLabel('Set-up code').waitFor()
  await shoot('01-code')
  await typeCode(page, code)
  await page.getByLabel('Password', { exact: true }).fill('a wood with ot')
  await shoot('02-password')
  await setPassword(page)
  await page.getByRole('button', { name: 'Make a new root key' }).waitFor()
  await shoot('03-choose')
  await page.getByRole('button', { name: 'I have a root key' }).click()
  await shoot('03b-restore')
  await page.getByRole('button', { name: 'Back' }).click()
  const words = await makeKey(page)
  await shoot('04-words')
  await page.getByRole('button', { name: 'I have written them down' }).click()
  await shoot('05-confirm')
  await page.getByRole('button', { name: 'Show the words again' }).click()
  await confirmWords(page, words)
  await page.getByLabel('Passphrase for the file').waitFor()
  await shoot('06-backup')
  await saveBackup(page)
  await addDrives(page, drives)
  await shoot('07-drives')
  await page.getByRole('button', { name: 'Continue' }).click()
  await shoot('08-done')
  await page.getByRole('button', { name: 'Open my files' }).click()
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
}

async function files(page: Page, { node, url }: ServedPage, shoot: Shoot): Promise<void> {
  await shoot('09-files-empty')
  fillNode(node)
  await page.reload()
  await page.getByText('Letters').waitFor()
  await shoot('10-files')
  await page.getByRole('button', { name: 'More for Budget.csv', exact: true }).click()
  await shoot('11-menu')
  await page.keyboard.press('Escape')
  await page.getByLabel('Select Letters', { exact: true }).check()
  await page.getByLabel('Select Budget.csv', { exact: true }).check()
  await shoot('12-selected')
  await page.getByTitle('Move to …').click()
  await page.getByText('Music').last().waitFor()
  await shoot('14-move')
  await page.keyboard.press('Escape')
  await page.getByTitle('Delete').click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await shoot('13-deleted')
  await page.locator('.actions').getByTitle('Trash').click()
  await page.locator('.trash-item').first().waitFor()
  await shoot('13-trash')
  await page.goBack()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.goto(`${url}#/files/Photos/2025%20Summer`)
  await page.getByText('Lake at dawn.png').waitFor()
  await shoot('15-folder')
  await page.getByText('Lake at dawn.png').click()
  await page.waitForTimeout(300)
  await shoot('16-picture')
  await page.keyboard.press('Escape')
  await page.goto(`${url}#/files`)
  await page.getByRole('link', { name: 'Read me.md' }).click()
  await shoot('17-text')
  await page.keyboard.press('Escape')
  await page.locator('input[data-upload=files]').setInputFiles([
    { name: 'Budget.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') },
    { name: 'Another.txt', mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000) },
    { name: 'Third one with a rather long name.bin', mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000) },
  ])
  await page.getByText('is there already').waitFor()
  await shoot('18-conflict')
  await page.getByRole('button', { name: 'Keep both' }).click()
  await page.locator('.uploads-title', { hasText: '3 files uploaded' }).waitFor()
  await page.locator('.uploads-title', { hasText: '3 files uploaded' }).click()
  await shoot('19-uploaded')
  await page.getByRole('button', { name: 'Close the list' }).click()
}

async function storage(page: Page, { node, url, admin }: ServedPage, shoot: Shoot): Promise<void> {
  await page.goto(`${url}#/storage`)
  await page.getByText('survive the loss').waitFor()
  await shoot('20-storage')
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByRole('progressbar').waitFor()
  await page.waitForTimeout(3500)
  await shoot('21-verify')
  await page.getByRole('button', { name: 'Cancel' }).click()
  node.loseDrive('/mnt/ash')
  await page.reload()
  await page.getByText('One drive is lost').waitFor()
  await shoot('22-lost')
  await page.getByRole('button', { name: 'Add drive' }).click()
  await shoot('23-add-drive')
  await page.keyboard.press('Escape')
  await page.goto(`${url}#/system`)
  await page.getByRole('button', { name: 'Day' }).click()
  await page.getByText('Intel N100').waitFor()
  await shoot('26-system')
  await page.evaluate(() => window.scrollTo(0, 600))
  await shoot('27-system-below')
  await page.goto(`${url}#/owner`)
  await page.getByRole('heading', { name: 'Root key' }).waitFor()
  await shoot('24-owner')
  await page.context().clearCookies()
  await page.reload()
  await page.getByLabel('Owner password').waitFor()
  await shoot('25-sign-in')
  await admin.close()
  await page.reload().catch(() => {})
}

/** A box of its own, whole pages: they are longer than a screen. */
async function box(browser: Browser, options: BrowserContextOptions, nameOf: (name: string) => string): Promise<void> {
  const served = await servePage({ box: true, https: true, stepMs: 60, steps: 100 })
  const { page } = await openPage(browser, served.url, options)
  const shoot = async (name: string, fullPage = true): Promise<void> => {
    await page.waitForTimeout(250)
    await page.screenshot({ path: join(folder, nameOf(name)), fullPage })
  }
  const { machine } = served.node.box as MemoryBox
  await page.getByText('Encrypt the way to this page').click()
  await shoot('30-secure-hint')
  await setUp(page, served.code, drives)
  await openPlace(page, 'Owner')
  await page.getByText('This page came unencrypted').waitFor()
  await page.getByText('Android').click()
  await shoot('30-owner')
  await openPlace(page, 'Network')
  await page.getByRole('heading', { name: 'Internet' }).waitFor()
  await shoot('30-network')
  await openPlace(page, 'Box')
  await page.getByText('Birch Portable').waitFor()
  await shoot('31-box')
  fillMachine(machine)
  await page.reload()
  await page.getByText('Elm Rotor').waitFor()
  await shoot('32-box-busy')
  await shoot('32-box-screen', false)
  await page.getByRole('button', { name: 'Install version 0.2.0' }).click()
  await page.waitForTimeout(1500)
  await shoot('33-installing')
  await page.getByRole('button', { name: 'Use for Holt …' }).first().click()
  await shoot('34-prepare', false)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Factory reset …' }).click()
  await shoot('35-reset', false)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Make a recovery key' }).click()
  await page.getByRole('dialog').getByLabel('Your owner password').fill('a wood with otters')
  await page.getByRole('dialog').getByRole('button', { name: 'Make a recovery key' }).click()
  await page.getByText('It is not shown again').waitFor()
  await shoot('37-recovery-key', false)
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('button', { name: 'Restart', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click()
  await page.getByRole('heading', { name: 'The box restarts' }).waitFor()
  await shoot('36-away', false)
  await page.context().close()
  await served.close()
}

function fillMachine(machine: MemoryBoxMachine): void {
  machine.offers = [
    {
      path: '/data/system/updates/tree/holt-0.2.0.raucb',
      version: '0.2.0',
      changes: 'Wi-Fi keeps its channel after a power cut.\nThe page shows how warm each drive is.',
      built: '2026-11-18',
    },
  ]
  machine.begins = Date.UTC(2026, 10, 22, 3) / 1000
  machine.updates = { ...machine.updates, fellBackFrom: '0.1.9' }
  const [system, usb] = machine.disks as [DiskInfo, DiskInfo]
  const kept = { ...usb, device: '/dev/sdb', name: 'Elm Rotor', serial: 'ER-88-2290', sizeBytes: 8e12, connection: 'sata', contents: [] }
  machine.disks = [
    system,
    usb,
    { ...kept, role: 'holt', folder: '/mnt/elm' },
    {
      ...kept,
      device: '/dev/sdc',
      name: 'Ash Flash',
      serial: 'AF-1',
      sizeBytes: 64e9,
      connection: 'usb',
      role: 'empty',
      consent: 'erase AF-1',
    },
  ]
  const health = { state: 'good', temperature: 31, hours: 14_200, defects: 0, wearPercent: null, problems: [] } as const
  machine.health.set('/dev/sdb', { ...health, problems: [] })
  machine.health.set('/dev/sda', { ...health, state: 'failing', defects: 12, problems: ['12 sectors cannot be read'] })
  machine.health.set('/dev/sdc', { ...health, state: 'unknown', problems: [] })
  const key = { kind: 'ssh-ed25519', comment: 'me@laptop', fingerprint: 'SHA256:k0trc2ftw1GqUSreLWuGt06I0vaG2gv4MXcDA4diPDc' }
  machine.ssh = {
    enabled: true,
    running: true,
    keys: [{ ...key, text: `ssh-ed25519 ${'A'.repeat(68)} me@laptop` }],
    hostKey: 'SHA256:7aIHZZF3YM5Cwb60Wq2Nl0yzosD/+nMeZl0E9g6RxiQ',
  }
  machine.time = { ...machine.time, synchronized: false, server: null }
}

await mkdir(folder, { recursive: true })
const browser = await launchChromium()
for (const size of ['phone', 'wide'] as const)
  for (const colorScheme of ['light', 'dark'] as const) await allPages(browser, size, colorScheme)
await browser.close()
