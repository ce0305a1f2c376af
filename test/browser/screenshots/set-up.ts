import type { Page } from 'playwright-core'
import type { ServedPage } from '../served-page.ts'
import { addDrives, confirmWords, makeKey, saveBackup, setPassword, typeCode } from '../steps.ts'
import type { Camera } from './camera.ts'

export const drives = ['/mnt/oak', '/mnt/ash', '/mnt/birch', '/mnt/elm', '/mnt/rowan']

const old = {
  owner: '12D3KooWRsJ5m8Z1o6ndLq3kQtVb2xYc4fHh7pWgKzUeAaT9Xr2B',
  created: 1_709_500_000,
  openPacks: 1,
  usedBytes: 412e9,
  totalBytes: 1e12,
}

/** All three ways of the set-up, and to the end of the first. */
export async function setUpPictures(camera: Camera, page: Page, { code, node }: ServedPage): Promise<void> {
  const shoot = (name: string): Promise<void> => camera.shoot(page, name)
  await page.getByLabel('Set-up code').waitFor()
  await shoot('set-up-1-code')
  await camera.attempt('HTTPS', async () => {
    await page.getByText('Encrypt the way to this page').click()
    await camera.shoot(page, 'set-up-1-https', { fullPage: true })
  })
  await typeCode(page, code)
  if (camera.size === 'wide')
    await camera.attempt('the phone', async () => {
      await page.getByRole('button', { name: 'Go on with your phone' }).click()
      await page.getByRole('dialog').locator('img, .notice').first().waitFor()
      await shoot('set-up-2-phone')
      await page.keyboard.press('Escape')
    })
  await page.getByLabel('Password', { exact: true }).fill('a wood with ot')
  await shoot('set-up-2-password')
  await setPassword(page)
  await page.getByRole('button', { name: 'Make a new root key' }).waitFor()
  await shoot('set-up-3-choose')
  await camera.attempt('moving', () => movePictures(camera, page, node))
  await camera.attempt('restoring', async () => {
    await page.getByRole('button', { name: 'I have a root key' }).click()
    await shoot('set-up-3-restore')
    await page.getByRole('button', { name: 'Back' }).click()
  })
  const words = await makeKey(page)
  await shoot('set-up-4-words')
  await page.getByRole('button', { name: 'I have written them down' }).click()
  await page
    .getByLabel(/^Word \d+$/)
    .first()
    .waitFor()
  await shoot('set-up-4-check')
  await page.getByRole('button', { name: 'Show the words again' }).click()
  await confirmWords(page, words)
  await page.getByLabel('Passphrase for the file').waitFor()
  await shoot('set-up-5-backup')
  await saveBackup(page)
  await addDrives(page, drives)
  await shoot('set-up-6-drives')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Open my files' }).waitFor()
  await shoot('set-up-7-done')
  await page.getByRole('button', { name: 'Open my files' }).click()
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
}

/** As far as the question for the words: what comes then is asked by somebody who restores, too. */
async function movePictures(camera: Camera, page: Page, node: ServedPage['node']): Promise<void> {
  node.oldDrives = [
    { ...old, folder: '/mnt/usb-stick/holt', id: 'a1', fragments: 6100 },
    { ...old, folder: '/mnt/usb-stick/drive', id: 'a2', fragments: 6087 },
  ]
  await page.getByRole('button', { name: 'Move from an old drive' }).click()
  await page.locator('.found-drive').first().waitFor()
  await camera.shoot(page, 'set-up-3-move')
  await page.getByRole('button', { name: 'Back' }).click()
  node.oldDrives = []
}
