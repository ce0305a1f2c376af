import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { manual } from './manual.ts'

test('docs/cli.md is what the commands say; if not: npx tsx services/cli/src/write-manual.ts', () => {
  assert.equal(readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8'), manual())
})
