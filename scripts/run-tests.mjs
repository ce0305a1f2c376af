import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npmBinary, root, run, runGroup } from './common.mjs'

/** Of a failure in the summary: its place, its error, the beginning of its stack. */
const FAILURE_LINES = 24
const FAILURE_COLUMNS = 240

/** Each check is a command that ends with 0 when all is well. @returns `{ passed, failed, failures }`, the last a text for each */
export function runChecks(checks) {
  const failures = []
  for (const [name, [command, ...args]] of Object.entries(checks)) {
    console.log(`-- ${name}`)
    const program = command === 'node' ? process.execPath : npmBinary(command)
    if (!run(program, args)) {
      console.log(`   ${name} failed`)
      failures.push(name)
    }
  }
  return { passed: Object.keys(checks).length - failures.length, failed: failures.length, failures }
}

/**
 * Runs node:test files. A suite without files is a failure, not a success; so is a skipped test, but on an older Node, where a
 * package that only tests use may not run.
 *
 * @param options `build`: make dist/ first. `runtime`: another Node than this one, with the arguments it needs. `secondTry`: so many
 *   files, if no more than these failed, are run once more alone; when all of it passes then, that is said and counts. For browsers,
 *   emulated machines and many processes at once, which a busy computer keeps from answering in any bounded time.
 * @returns `{ passed, failed, failures }`, the last a text for each
 */
export async function runNodeTests(files, { build = false, secondTry = 0, ...options }) {
  if (files.length === 0) {
    console.log('   there are no test files')
    return { passed: 0, failed: 1, failures: ['there are no test files'] }
  }
  if (build && !run(process.execPath, ['scripts/build.mjs', '--quiet'])) return { passed: 0, failed: 1, failures: ['the build'] }
  const first = await runOnce(files, options)
  const again = files.filter((file) => first.failures.some((failure) => failure.includes(file)))
  if (first.failed === 0 || again.length === 0 || again.length > secondTry) return first
  console.log(`\nOnce more: ${again.join(', ')}`)
  const second = await runOnce(again, { ...options, concurrency: 1 })
  if (second.failed > 0) return { ...first, failures: [...first.failures, ...second.failures] }
  return {
    passed: first.passed + first.failed,
    failed: 0,
    failures: first.failures.map((failure) => `at first, not the second time: ${failure}`),
  }
}

async function runOnce(files, { concurrency, limitMinutes, runtime }) {
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
    const text = readFileSync(record, 'utf8')
    return { ...countsOf(text, { exitCode, maySkip: runtime?.maySkip === true }), failures: failuresOf(text) }
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

/** What the runner recorded of each failed test: its name, place and error. Of a test and its file, the test. */
function failuresOf(record) {
  const lines = record.split('\n')
  const failures = []
  lines.forEach((line, i) => {
    const name = line.match(/^ *not ok \d+ - (.*)$/)?.[1]
    if (name === undefined) return
    const end = lines.indexOf(`${line.match(/^ */)[0]}  ...`, i)
    const details = lines.slice(i + 1, end < 0 ? i + 1 : end).map((detail) => detail.slice(0, FAILURE_COLUMNS))
    if (details.some((detail) => /failureType: 'subtestsFailed'/.test(detail))) return
    failures.push(
      [name, ...details.filter((detail) => !/^ *(---|duration_ms:|type:|failureType:)/.test(detail)).slice(0, FAILURE_LINES)].join('\n'),
    )
  })
  return failures
}
