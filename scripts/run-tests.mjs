import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npmBinary, root, run, runGroup } from './common.mjs'

/** Each check is a command that ends with 0 when all is well. @returns `{ passed, failed }` */
export function runChecks(checks) {
  let failed = 0
  for (const [name, [command, ...args]] of Object.entries(checks)) {
    console.log(`-- ${name}`)
    const program = command === 'node' ? process.execPath : npmBinary(command)
    if (!run(program, args)) {
      console.log(`   ${name} failed`)
      failed++
    }
  }
  return { passed: Object.keys(checks).length - failed, failed }
}

/**
 * Runs node:test files. A suite without files is a failure, not a success; so is a skipped test, but on an older Node, where a
 * package that only tests use may not run.
 *
 * @param options `build`: make dist/ first. `runtime`: another Node than this one, with the arguments it needs.
 * @returns `{ passed, failed }`
 */
export async function runNodeTests(files, { concurrency, limitMinutes, build = false, runtime }) {
  if (files.length === 0) {
    console.log('   there are no test files')
    return { passed: 0, failed: 1 }
  }
  if (build && !run(process.execPath, ['scripts/build.mjs', '--quiet'])) return { passed: 0, failed: 1 }
  const folder = mkdtempSync(join(tmpdir(), 'holt-tests-'))
  const record = join(folder, 'record.tap')
  const { node = process.execPath, loader = ['--import', 'tsx'], runnerOptions = [`--test-concurrency=${concurrency}`] } = runtime ?? {}
  const reporters = ['spec', 'stdout', 'tap', record]
  const reporting = reporters.map((value, i) => (i % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`))
  try {
    const exitCode = await runGroup(node, [...loader, '--test', ...runnerOptions, ...reporting, ...files], {
      limitMs: limitMinutes * 60_000,
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0' },
    })
    if (exitCode === null) console.log(`   ended: not done after ${limitMinutes} minutes, or killed`)
    return countsOf(readFileSync(record, 'utf8'), { exitCode, maySkip: runtime?.maySkip === true })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads the runner's own counts from the end of its record; a run that was cut short has none and failed. */
function countsOf(record, { exitCode, maySkip }) {
  const count = (name) => {
    const lines = record.match(new RegExp(`^# ${name} (\\d+)$`, 'gm'))
    return lines === null ? null : Number(lines[lines.length - 1].split(' ')[2])
  }
  const passed = count('pass')
  if (passed === null) return { passed: record.match(/^ok /gm)?.length ?? 0, failed: (record.match(/^not ok /gm)?.length ?? 0) + 1 }
  const failed = count('fail') + count('cancelled') + count('todo') + (maySkip ? 0 : count('skipped'))
  if (failed === 0 && exitCode !== 0) return { passed, failed: 1 }
  return { passed, failed }
}
