import assert from 'node:assert/strict'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { DoctorReport } from '@holt/control/schema.ts'
import { distFolder, folders, type ProcessResult, run, startedNode, temporaryFolder, type TestNode } from './harness.ts'
import { seededRandom } from './random.ts'
import { compareTrees, makeTree } from './trees.ts'

/** Of a node and its drives in one temporary folder, commanded as a person does it: by `holt`. */
export interface World {
  folder: string
  node: TestNode
  drives: string[]
  path(...names: string[]): string
}

/** A started node that has no root key yet, and empty folders for its drives; all goes when the test is over. */
export async function newWorld(context: TestContext, { driveCount = 6 } = {}): Promise<World> {
  const folder = await temporaryFolder(context)
  const path = (...names: string[]): string => join(folder, ...names)
  const node = await startedNode(context, folder)
  const names = Array.from({ length: driveCount }, (_, i) => `d${i + 1}`)
  return { folder, node, drives: await folders(folder, names), path }
}

/** As `newWorld`, with a root key whose words are in the file `words`. */
export async function initializedWorld(context: TestContext, options: { driveCount?: number } = {}): Promise<World> {
  return await initialized(await newWorld(context, options))
}

/** By `holt init`, with the words in the file `words`. */
export async function initialized(world: World): Promise<World> {
  await holtOk(world, 'init', '--words-file', world.path('words'), ...driveOptions(world.drives))
  return world
}

export function driveOptions(drives: readonly string[]): string[] {
  return drives.flatMap((drive) => ['--drive', drive])
}

/** Runs `holt …` on the data folder of the world's node. */
export async function holt({ folder, node }: Pick<World, 'folder' | 'node'>, ...line: string[]): Promise<ProcessResult> {
  return await run(process.execPath, [join(distFolder, 'cli.mjs'), ...line, '--data', node.dataFolder], { cwd: folder })
}

/** @returns the JSON of a command that must end with 0. */
export async function holtOk(world: Pick<World, 'folder' | 'node'>, ...line: string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await holt(world, ...line, '--json')
  assert.equal(exitCode, 0, `holt ${line.join(' ')}: ${stderr}${stdout}\n${world.node.log}`)
  return JSON.parse(stdout)
}

/** The code with which a command fails, and its exit code. */
export async function holtFails(
  world: Pick<World, 'folder' | 'node'>,
  ...line: string[]
): Promise<{ code: string; exitCode: number | null }> {
  const { stdout, stderr, exitCode } = await holt(world, ...line, '--json')
  assert.notEqual(exitCode, 0, `holt ${line.join(' ')}: ${stdout}`)
  const { error } = JSON.parse(stderr) as { error: { code: string } }
  return { code: error.code, exitCode }
}

/** `holt doctor`, whose exit code must fit what it says. */
export async function doctor(world: World, ...options: '--repair'[]): Promise<DoctorReport> {
  const { stdout, stderr, exitCode } = await holt(world, 'doctor', ...options, '--json')
  assert.ok(exitCode === 0 || exitCode === 9, `holt doctor ended with ${exitCode}: ${stderr}\n${world.node.log}`)
  const report = JSON.parse(stdout) as DoctorReport
  assert.equal(exitCode, report.healthy ? 0 : 9)
  return report
}

/** What of a report is still wrong, one line each. */
export function leftProblems({ problems }: DoctorReport): string[] {
  return problems.filter(({ repaired }) => !repaired).map(({ what, where }) => `${what} ${where}`)
}

/** Gets `path` out and compares it with the folder it was put from. */
export async function assertReadsAs(world: World, path: string, original: string): Promise<void> {
  const copy = world.path('copy')
  await holtOk(world, 'get', path, copy)
  assert.deepEqual(await compareTrees(original, copy), [])
  await rm(copy, { recursive: true })
}

/** A tree as `makeTree` does it, with a sparse file, an empty directory and a file of 5 MiB in any case. */
export async function makeHardTree(folder: string, { seed, files }: { seed: number; files: number }): Promise<void> {
  await mkdir(join(folder, 'extra', 'empty'), { recursive: true })
  for (const [name, bytes, sizeBytes] of [
    ['sparse', 'at the end', 3 << 20],
    ['five MiB', 'x'.repeat(1 << 16), 5 << 20],
    ['nothing but a hole', '', 2 << 20],
  ] as const) {
    const file = await open(join(folder, 'extra', name), 'w')
    await file.write(bytes, sizeBytes - bytes.length)
    await file.truncate(sizeBytes)
    await file.close()
  }
  await makeTree(folder, { seed, files, largestBytes: 5 << 20 })
}

/** Packs are sealed, and only then spread, at 64 MiB: less would stay in the data folder, which no lost drive hurts. */
export const SEALS_A_PACK_BYTES = 66 << 20

/** Adds large files to a tree. */
export async function fatten(folder: string, { seed, bytes }: { seed: number; bytes: number }): Promise<void> {
  const random = seededRandom(seed)
  for (let left = bytes, i = 0; left > 0; i++) {
    const sizeBytes = Math.min(left, random.integer(3 << 20, 9 << 20))
    await mkdir(join(folder, `large ${i % 4}`), { recursive: true })
    await writeFile(join(folder, `large ${i % 4}`, `file ${i}`), random.bytes(sizeBytes))
    left -= sizeBytes
  }
}
