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

test('the node of a box has the memory settings of scripts/small-node.sh', () => {
  const unit = readFileSync(join(root, 'overlay/usr/lib/systemd/system/holt.service'), 'utf8')
  const script = readFileSync(join(root, 'scripts/small-node.sh'), 'utf8')
  const settings = script.match(/MALLOC_\w+=\d+|--max-semi-space-size=\d+|--heap-growing-percent=\d+/g) ?? []
  assert.equal(settings.length, 5)
  for (const setting of settings) assert.ok(unit.includes(setting), setting)
})
