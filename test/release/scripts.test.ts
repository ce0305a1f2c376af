import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root, run } from './scratch.ts'

/** Shell scripts below a folder: by their first line, as they have no ending. */
function shellScripts(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /^#!\/(usr\/)?bin\/(ba|da)?sh\b/.test(readFileSync(path, 'utf8').slice(0, 40)))
}

test('shellcheck finds nothing in the scripts of the image', () => {
  const scripts = [...shellScripts('overlay'), ...shellScripts('image')]
  assert.ok(scripts.length >= 4)
  const ran = run('shellcheck', ['--severity=warning', ...scripts])
  assert.equal(ran.status, 0, ran.out)
})
