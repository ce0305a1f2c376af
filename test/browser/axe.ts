import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds on the page as it is, one line each. */
export async function faultsOf(page: Page, where: string): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (where) => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${where}: ${id} at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
    )
  }, where)
}

/** Colours fade from day to night; half-way they are neither's. */
export async function coloursSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition)
    await Promise.all(fading.map((one) => one.finished.catch(() => undefined)))
  })
}

/** As it is, small and wide, by day and by night. */
export async function faultsInAllLights(page: Page, where: string): Promise<string[]> {
  const faults: string[] = []
  for (const width of [360, 1440])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await coloursSettled(page)
      faults.push(...(await faultsOf(page, `${where} ${width} ${colorScheme}`)))
    }
  return faults
}
