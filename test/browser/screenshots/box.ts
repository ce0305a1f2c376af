import type { DiskInfo } from '@holt/control/box/methods.ts'
import type { MemoryBox } from '@holt/admin/testing/memory-box.ts'
import type { MemoryBoxMachine } from '@holt/admin/testing/memory-box-machine.ts'
import type { Page } from 'playwright-core'
import type { ServedPage } from '../served-page.ts'
import { confirmIfAsked } from '../steps.ts'
import type { Camera } from './camera.ts'

/** Drives of all kinds, an update to install, a fall-back to tell of. */
export function fillBox({ node }: ServedPage): void {
  fillMachine((node.box as MemoryBox).machine)
}

/** What the owner of a box does with it; the last picture is of a box that is away. */
export async function boxPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await page.goto(`${served.url}?box-again#/box`)
  await page.getByText('Elm Rotor').waitFor()
  await page.getByRole('button', { name: 'Install version 0.2.0' }).click()
  await page.waitForTimeout(1500)
  await camera.shoot(page, 'box-installing')
  await page.getByRole('button', { name: 'Use for Holt …' }).first().click()
  await camera.shoot(page, 'box-prepare')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Factory reset …' }).click()
  await camera.shoot(page, 'box-reset')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Make a recovery key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make a recovery key' }).click()
  await confirmIfAsked(page, page.getByText('It is not shown again'))
  await camera.shoot(page, 'box-recovery-key')
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('button', { name: 'Restart', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click()
  await page.getByRole('heading', { name: 'The box restarts' }).waitFor()
  await camera.shoot(page, 'box-away')
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
