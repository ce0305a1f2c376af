import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { FakeControl } from '@holt/control/fake-control.ts'
import { completionScripts } from './completion-scripts.ts'
import { holt } from './fake-terminal.ts'

const entry = (name: string, type: 'file' | 'directory') => ({ name, type, sizeBytes: 0, mode: 0, modified: 0 })

function node(): FakeControl {
  return new FakeControl({
    'files.list': ({ path }) => ({
      entries:
        path === '/' ? [entry('photos', 'directory'), entry('plan b.txt', 'file'), entry('p\u001b', 'file')] : [entry('sea', 'directory')],
      more: false,
    }),
    'classes.list': () => ({ classes: [] }),
    'drives.list': () => ({ drives: [] }),
  })
}

const complete = async (...words: string[]) =>
  (await holt(['__complete', '--', ...words], { control: node() })).out.split('\n').slice(0, -1)

test('completes commands and their second words', async () => {
  assert.deepEqual(await complete('dr'), ['drives'])
  assert.deepEqual(await complete('drives', ''), ['list', 'add', 'remove'])
  assert.deepEqual(await complete('key', 'w'), ['words'])
  assert.deepEqual(await complete('--data', '/x', 'ver'), ['versions'])
  assert.ok((await complete('')).includes('status'))
  assert.ok(!(await complete('')).some((word) => word.startsWith('_')))
  assert.deepEqual(await complete('nonsense', ''), [])
})

test('completes options, their values, and local paths by the shell', async () => {
  assert.deepEqual(await complete('put', '--r'), ['--random-access'])
  assert.deepEqual(await complete('ls', '--j'), ['--json'])
  assert.deepEqual(await complete('init', '--drive', '/m'), [':folder'])
  assert.deepEqual(await complete('completion', 'z'), ['zsh'])
  assert.deepEqual(await complete('put', ''), [':local'])
  assert.deepEqual(await complete('drives', 'add', ''), [':folder'])
})

test('completes paths of the tree, but no names with control characters', async () => {
  assert.deepEqual(await complete('ls', 'p'), ['photos/', 'plan b.txt'])
  assert.deepEqual(await complete('ls', '-l', '/p'), ['/photos/', '/plan b.txt'])
  assert.deepEqual(await complete('cat', 'photos/'), ['photos/sea/'])
  assert.deepEqual(await complete('put', 'local', 'ph'), ['photos/'])
  assert.deepEqual(await complete('rm', 'photos', 'ph'), ['photos/'])
})

test('offers nothing, silently, when no node is running', async () => {
  const { out, err, exitCode } = await holt(['__complete', '--', 'ls', 'p'], { control: null })
  assert.deepEqual([out, err, exitCode], ['', '', 0])
})

test('bash takes the script, and hands words over unquoted', () => {
  const trial = `${completionScripts.bash}
    compopt() { echo "compopt $*" >&2; }
    holt() { printf '%s|' "$@" >&2; printf 'photos/\\n'; }
    COMP_WORDS=(holt ls 'my\\ ph'); COMP_CWORD=2
    _holt; echo "\${COMPREPLY[*]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['-c', trial], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.equal(stdout, 'photos/\n')
  assert.match(stderr, /compopt -o nospace/)
})

test('bash: what is typed comes to holt as one word', () => {
  const trial = `${completionScripts.bash}
    compopt() { :; }
    holt() { printf '[%s]\\n' "$@"; }
    COMP_WORDS=(holt ls '"my\\ ph'); COMP_CWORD=2
    _holt; printf '%s\\n' "\${COMPREPLY[@]}"`
  assert.equal(execFileSync('bash', ['-c', trial], { encoding: 'utf8' }), '[__complete]\n[--]\n[ls]\n[my ph]\n')
})
