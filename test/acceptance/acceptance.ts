import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchTable, printTable } from '../bench/report.ts'
import { type Corpus, makeCorpora } from './corpora.ts'
import { scenarios } from './scenarios.ts'
import { type Step, World } from './world.ts'

export interface AcceptanceOptions {
  /** 1 is the real thing. */
  scale: number
  /** Where what is put is made, and found again by the next run; a temporary folder when absent. */
  corporaFolder?: string
  /** Names of scenarios; all when empty. */
  only: readonly string[]
  say: (line: string) => void
}

const DRIVES = 6

/** Runs the scenarios, each with a node and drives of its own. @returns their steps. @throws at the first thing that is not as it must be. */
export async function runAcceptance({ scale, corporaFolder, only, say }: AcceptanceOptions): Promise<Map<string, Step[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-acceptance-'))
  const results = new Map<string, Step[]>()
  try {
    const made = corporaFolder ?? join(folder, 'corpora')
    await mkdir(made, { recursive: true })
    const corpora = await makeCorpora(made, scale)
    for (const { name, files, directories, symlinks, bytes } of corpora)
      say(`${name}: ${files} files, ${directories} directories, ${symlinks} symlinks, ${mib(bytes)} MiB`)
    for (const [name, scenario] of Object.entries(scenarios)) {
      if (only.length > 0 && !only.includes(name)) continue
      say(`\n${name}`)
      results.set(name, await runScenario(join(folder, 'world'), scenario, corpora, say))
    }
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runScenario(
  folder: string,
  scenario: (typeof scenarios)[string],
  corpora: readonly Corpus[],
  say: (line: string) => void,
): Promise<Step[]> {
  const world = await World.start(folder, DRIVES, (step) => say(`  ${step.name}: ${step.seconds.toFixed(1)} s ${step.seen}`))
  try {
    await scenario(world, corpora)
    return world.steps
  } finally {
    await world.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export function stepsTable(title: string, steps: readonly Step[]): BenchTable {
  const row = ({ name, files, bytes, seconds, peakMiB, seen }: Step): string[] => [
    name,
    files === undefined ? '' : String(files),
    bytes === undefined ? '' : mib(bytes),
    seconds.toFixed(1),
    bytes === undefined ? '' : (bytes / 2 ** 20 / seconds).toFixed(0),
    peakMiB.toFixed(0),
    seen,
  ]
  return { title, columns: ['', 'files', 'MiB', 'seconds', 'MiB/s', "node's peak, MiB", ''], rows: steps.map(row) }
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}

/** For `npm run acceptance`. */
export async function acceptance(options: Omit<AcceptanceOptions, 'say'>): Promise<void> {
  const results = await runAcceptance({ ...options, say: console.log })
  for (const [title, steps] of results) printTable(stepsTable(title, steps))
}

export const scenarioNames: readonly string[] = Object.keys(scenarios)
