import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFiles, root, run, scratchFolder, writeFiles } from './scratch.ts'

/** The initramfs' own script, its `main` left out and the boot partition a folder; fails as when slot `slot` does not open. */
function failToStart(slot: string, entries: readonly string[]): string[] {
  const folder = scratchFolder()
  for (const name of entries) writeFiles(join(folder, 'esp/loader/entries'), { [name]: `of ${name}\n` })
  mkdirSync(join(folder, 'bin'))
  const init = readFileSync(join(root, 'image/initramfs/init'), 'utf8')
  assert.match(init, /\nmain\n$/)
  const script = init
    .replace(/\nmain\n$/, '\n')
    .replace(/^export PATH=.*$/m, '')
    .replaceAll('/dev/kmsg', '/dev/null')
    .replaceAll('/esp', join(folder, 'esp'))
  const world = 'mount() { :; }\numount() { :; }\nsleep() { :; }\npartitions_named() { echo vda1; }\n'
  writeFileSync(join(folder, 'script'), `${script}${world}slot=${slot}\nfail 'it does not open'\n`)
  const ran = run('busybox', ['sh', join(folder, 'script')])
  assert.equal(ran.status, 1, ran.err)
  return Object.keys(readFiles(join(folder, 'esp/loader/entries'))).sort()
}

test('a good slot that does not start is counted again when there is another one', () => {
  assert.deepEqual(failToStart('b', ['holt-a.conf', 'holt-b.conf', 'reset.conf']), ['holt-a.conf', 'holt-b+3.conf', 'reset.conf'])
  assert.deepEqual(failToStart('a', ['holt-a.conf', 'holt-b+0-3.conf']), ['holt-a+3.conf', 'holt-b+0-3.conf'])
})

test('the only slot, and one that is counted already, stay as they are', () => {
  assert.deepEqual(failToStart('a', ['holt-a.conf']), ['holt-a.conf'])
  assert.deepEqual(failToStart('b', ['holt-a.conf', 'holt-b+2-1.conf']), ['holt-a.conf', 'holt-b+2-1.conf'])
  assert.deepEqual(failToStart('', ['holt-a.conf', 'holt-b.conf']), ['holt-a.conf', 'holt-b.conf'])
})
