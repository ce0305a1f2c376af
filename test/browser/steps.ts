import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'

/** What a person does on the page, by the words that stand there. */

export const PASSWORD = 'a wood with otters'
export const PASSPHRASE = 'correct horse battery'

export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Set-up code').fill(code)
  await page.getByRole('button', { name: 'Begin' }).click()
}

export async function setPassword(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('The same again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password' }).click()
}

/** @returns the words as they show. */
export async function makeKey(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'Make a new root key' }).click()
  await page.getByRole('heading', { name: 'Write down these 24 words' }).waitFor()
  return page.locator('.word').allTextContents()
}

export async function confirmWords(page: Page, words: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'I have written them down' }).click()
  const fields = page.getByLabel(/^Word \d+$/)
  await fields.first().waitFor()
  for (const label of await page.locator('label', { hasText: /^Word \d+$/ }).allTextContents()) {
    await page.getByLabel(label, { exact: true }).fill(words[Number(label.slice(5)) - 1] as string)
  }
  await page.getByRole('button', { name: 'Check' }).click()
}

/** @returns the bytes of the file the browser saved. */
export async function saveBackup(page: Page): Promise<Buffer> {
  await page.getByLabel('Passphrase for the file').fill(PASSPHRASE)
  await page.getByLabel('The same again').fill(PASSPHRASE)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save backup file' }).click()])
  const bytes = await readFile(await download.path())
  await page.getByRole('button', { name: 'Continue' }).click()
  return bytes
}

export async function addDrives(page: Page, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await page.getByLabel('Add a folder').fill(folder)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.locator('.folder-name', { hasText: folder }).waitFor()
  }
}

/** From the code to the files. @returns the words. */
export async function setUp(page: Page, code: string, drives: readonly string[]): Promise<string[]> {
  await typeCode(page, code)
  await setPassword(page)
  const words = await makeKey(page)
  await confirmWords(page, words)
  await saveBackup(page)
  await addDrives(page, drives)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Open my files' }).click()
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  return words
}

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Owner password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Gives the password again when the page wants it before `then` shows. */
export async function confirmIfAsked(page: Page, then: Locator): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Is it you?' })
  await dialog.or(then).first().waitFor()
  if (!(await dialog.isVisible())) return
  await giveAgain(page)
  await then.first().waitFor()
}

/** In the dialog that asks for it. */
export async function giveAgain(page: Page, password = PASSWORD): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Is it you?' })
  await dialog.getByLabel('Your password').fill(password)
  await dialog.getByRole('button', { name: 'Go on' }).click()
}

/** @returns the bytes the browser saved. */
export async function downloadOf(page: Page, name: string): Promise<Buffer> {
  await page.getByRole('button', { name: `More for ${name}`, exact: true }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Download' }).click()])
  return readFile(await download.path())
}

/** Opens a page by the menu, which on a phone has some behind `More`. */
export async function openPlace(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true }).first()
  await page.locator('.nav').waitFor()
  if (await link.isVisible()) return link.click()
  await page.getByRole('button', { name: 'More pages' }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
}

/** Somebody signs in from a browser that was never seen. */
export async function signInElsewhere(url: string): Promise<void> {
  const answer = await fetch(new URL('api/session', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-holt': '1',
      'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604',
    },
    body: JSON.stringify({ password: PASSWORD }),
  })
  assert.equal(answer.status, 204)
}
