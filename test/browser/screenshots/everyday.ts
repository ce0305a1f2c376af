import type { Page } from 'playwright-core'
import { pageNames } from '@holt/admin/ui/state/page-names.ts'
import { photoWall } from '@holt/admin/testing/sample-programs.ts'
import { fillNode, fillPrograms } from '../sample-files.ts'
import type { ServedPage } from '../served-page.ts'
import { signInElsewhere } from '../steps.ts'
import type { Camera } from './camera.ts'

/** Every page as it is with files in it, then what people do there. */
export async function everydayPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await camera.shoot(page, 'files-empty')
  fillNode(served.node)
  fillPrograms(served.node)
  served.node.peers.join("Anna's box", 'friend')
  served.node.peers.join('The box in the cabin', 'mine')
  await signInElsewhere(served.url)
  for (const name of pageNames) await camera.attempt(`the page ${name}`, () => placePicture(camera, page, served, name))
  await camera.attempt('files', () => filesPictures(camera, page, served))
  await camera.attempt('previews', () => previewPictures(camera, page, served))
  await camera.attempt('uploads', () => uploadPictures(camera, page, served))
  await camera.attempt('storage', () => storagePictures(camera, page, served))
  await camera.attempt('programs', () => programPictures(camera, page, served))
  await camera.attempt('security', () => securityPictures(camera, page, served))
}

async function open(page: Page, { url }: ServedPage, place: string): Promise<void> {
  await page.goto(`${url}?${encodeURIComponent(place)}#/${place}`)
  await page.locator('.content h1, .content .breadcrumb').first().waitFor()
  await page.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => {}) // live pages never rest
}

async function placePicture(camera: Camera, page: Page, served: ServedPage, name: string): Promise<void> {
  await open(page, served, name)
  if (name === 'system') await page.getByRole('button', { name: 'Day' }).click()
  await camera.shoot(page, name)
  await camera.shoot(page, `${name}-whole`, { fullPage: true })
}

async function filesPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await open(page, served, 'files')
  await page.getByRole('button', { name: 'More for Budget.csv', exact: true }).click()
  await camera.shoot(page, 'files-menu')
  await page.keyboard.press('Escape')
  await page.getByLabel('Select Letters', { exact: true }).check()
  await page.getByLabel('Select Budget.csv', { exact: true }).check()
  await camera.shoot(page, 'files-selected')
  await page.getByTitle('Move to …').click()
  await page.getByText('Music').last().waitFor()
  await camera.shoot(page, 'files-move')
  await page.keyboard.press('Escape')
  await page.getByTitle('Delete').click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await camera.shoot(page, 'files-deleted')
  await open(page, served, 'trash')
  await page.locator('.trash-item').first().waitFor()
  await camera.shoot(page, 'trash-filled')
}

async function previewPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await open(page, served, 'files/Photos/2025%20Summer')
  await page.getByText('Lake at dawn.png').first().waitFor()
  await camera.shoot(page, 'files-photos')
  await page.getByText('Lake at dawn.png').first().click()
  await page.locator('dialog img, .preview img').first().waitFor()
  await camera.shoot(page, 'preview-photo')
  await page.keyboard.press('Escape')
  await open(page, served, 'files')
  await page.getByText('Read me.md').first().click()
  await page.getByText('Photos are by year').first().waitFor()
  await camera.shoot(page, 'preview-text')
  await page.keyboard.press('Escape')
}

async function uploadPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await open(page, served, 'files')
  served.node.tree.write('/Taken.csv', Buffer.from('a,b\n'), { modified: 1_700_000_000 })
  await page.locator('input[data-upload=files]').setInputFiles([
    { name: 'Taken.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') },
    { name: 'Another.txt', mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000) },
    { name: 'Third one with a rather long name.bin', mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000) },
  ])
  await page.getByText('is there already').waitFor()
  await camera.shoot(page, 'upload-conflict')
  await page.getByRole('button', { name: 'Keep both' }).click()
  const title = page.locator('.uploads-title', { hasText: '3 files uploaded' })
  await title.click()
  await camera.shoot(page, 'upload-done')
  await page.getByRole('button', { name: 'Close the list' }).click()
}

async function storagePictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await open(page, served, 'storage')
  await page.getByRole('button', { name: 'Verify' }).first().click()
  await page.getByRole('progressbar').first().waitFor()
  await page.waitForTimeout(3500)
  await camera.shoot(page, 'storage-verify')
  await page.getByRole('button', { name: 'Cancel' }).first().click()
  served.node.loseDrive('/mnt/ash')
  await open(page, served, 'home')
  await camera.shoot(page, 'home-lost-drive')
  await open(page, served, 'storage')
  await page.getByText('One drive is lost').first().waitFor()
  await camera.shoot(page, 'storage-lost-drive')
}

async function securityPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await open(page, served, 'security')
  await page.getByRole('button', { name: 'Invite' }).first().click()
  await page.getByRole('dialog').waitFor()
  await camera.shoot(page, 'security-invite')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'token' }).first().click()
  await page.getByRole('dialog').waitFor()
  await camera.shoot(page, 'security-token')
  await page.keyboard.press('Escape')
}

async function programPictures(camera: Camera, page: Page, served: ServedPage): Promise<void> {
  await open(page, served, `programs/${photoWall.id}`)
  await page.getByText('3 pictures, 3 of them new').waitFor()
  await camera.shoot(page, 'programs-one', { fullPage: true })
  await page
    .getByRole('button', { name: /^Change: / })
    .first()
    .click()
  await camera.shoot(page, 'programs-pick')
  await page.getByRole('button', { name: 'Change the limits' }).click()
  await camera.shoot(page, 'programs-limits')
  await page.keyboard.press('Escape')
  await open(page, served, 'programs/audit')
  await page.getByText('../Budget.csv').waitFor()
  await camera.shoot(page, 'programs-audit')
  const { programs } = served.node
  programs.installed = programs.installed.filter(({ id }) => id !== photoWall.id)
  programs.next = { package: photoWall, warnings: [{ kind: 'imitates', title: 'Photo Wall', author: photoWall.author }] }
  await open(page, served, 'programs')
  await page.getByRole('button', { name: 'Install a program' }).click()
  await camera.shoot(page, 'programs-choose')
  await page.locator('input[data-upload=package]').setInputFiles({ name: 'photo-wall-2.3.0.holt', mimeType: '', buffer: Buffer.alloc(2e6) })
  await page.getByRole('heading', { name: 'What it wishes' }).waitFor()
  await camera.shoot(page, 'programs-review')
  for (const box of await page.getByRole('switch', { name: /^Allow: / }).all()) await box.check()
  await page.getByText('Which hosts?').scrollIntoViewIfNeeded()
  await camera.shoot(page, 'programs-decide')
  await page.keyboard.press('Escape')
}
