import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runAcceptance, scenarioNames } from '../acceptance/acceptance.ts'

/** So that it takes seconds; `npm run acceptance` is the real thing. */
const scale = Number(process.env['HOLT_ACCEPTANCE_SCALE'] ?? 0.02)

for (const name of scenarioNames) {
  test(`acceptance at scale ${scale}: ${name}`, async (context) => {
    const results = await runAcceptance({ scale, only: [name], say: (line) => context.diagnostic(line) })
    assert.ok((results.get(name)?.length ?? 0) > 10, 'it was run')
  })
}
