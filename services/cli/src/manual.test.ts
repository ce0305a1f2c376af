import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { manual } from './manual.ts'

test('docs/cli.md is what the commands say; if not: npx tsx services/cli/src/write-manual.ts > docs/cli.md', () => {
  assert.equal(readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8'), manual())
})
