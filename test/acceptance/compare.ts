import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../peers/harness.ts'
import { compareTrees } from '../peers/trees.ts'

/** Looks twice, with other eyes: by `diff` at contents, and by ourselves at names, contents, modes, times and links. */
export async function differences(original: string, copy: string): Promise<string[]> {
  const { stdout, stderr, exitCode } = await run('diff', ['-r', '--no-dereference', '-q', original, copy])
  const told = exitCode === 0 ? [] : `${stdout}${stderr}`.trim().split('\n')
  return [...told, ...(await compareTrees(original, copy))]
}

/**
 * What is wrong with a copy that lacks what is lost and nothing else, one line each.
 *
 * @param lost paths relative to the copied folder; of directories too, which then are empty or lack something.
 */
export async function differencesButLost(original: string, copy: string, lost: readonly string[]): Promise<string[]> {
  const gone = new Set(lost)
  const wrong: string[] = []
  for (const line of await compareTrees(original, copy)) {
    const missing = /^(".*"): is missing$/.exec(line)?.[1]
    if (missing === undefined || !isAtOrBelow(JSON.parse(missing) as string, gone)) wrong.push(line)
  }
  for (const path of lost) {
    const stats = await lstat(join(copy, path)).catch(() => null)
    if (stats?.isFile() === true) wrong.push(`${JSON.stringify(path)}: is lost and yet there`)
  }
  return wrong
}

function isAtOrBelow(path: string, some: ReadonlySet<string>): boolean {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) if (some.has(at)) return true
  return some.has('')
}

export async function removeTrees(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}
