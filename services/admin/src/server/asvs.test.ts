import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

const docs = new URL('../../../../docs/', import.meta.url)
const lines = readFileSync(new URL('asvs.md', docs), 'utf8').split('\n')
const rows = lines.flatMap((line) => {
  const [, id, verdict, reason] = /^\| (\d+\.\d+\.\d+) \| ([\w/]+) \| (.+) \|$/.exec(line) ?? []
  return id === undefined ? [] : [{ id, verdict, reason: reason as string }]
})

test('every line of ASVS levels 1 and 2 has a verdict, and points to something that is there', () => {
  assert.equal(rows.length, 253)
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
  const count = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length
  assert.equal(lines.includes(`${count('met')} met, ${count('n/a')} not applicable, ${count('open')} open.`), true)
  for (const { id, verdict, reason } of rows) {
    const links = [...reason.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link as string)
    for (const link of links) assert.ok(existsSync(fileURLToPath(new URL(link, docs))), `${id}: ${link}`)
    assert.ok(verdict !== 'met' || links.length > 0, `${id} is met, but by what?`)
    assert.ok(reason.length > 3, id)
  }
})
