import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../peers/harness.ts'
import { repositoryRoot } from './runtimes.ts'

/** One processor is enough: what differs between them is what clang is told. */
const ABI = 'x86_64'
/** Who is not root is root in namespaces of its own. */
const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
/** What npm and a build before brought is seen there as if it lay there, and is no part of what is compared. */
const shared = ['node_modules', 'build/mobile/inputs', 'build/mobile/keys']

test('built anew from a copy elsewhere, by the clock of another place and with the same key, the app has the same bytes', async (context) => {
  const other = join(await temporaryFolder(context), 'some where/else')
  for (const name of readdirSync(repositoryRoot).filter((name) =>
    /^(?:android|services|scripts|package.*\.json|tsconfig.*\.json)$/.test(name),
  ))
    cpSync(join(repositoryRoot, name), join(other, name), { recursive: true })
  for (const name of shared) mkdirSync(join(other, name), { recursive: true })
  const steps = [
    ...shared.map((name) => `mount --bind "${join(repositoryRoot, name)}" "${join(other, name)}"`),
    `cd "${other}"`,
    'umask 027',
    `exec "${process.execPath}" scripts/mobile/apk/main.mjs --abi ${ABI}`,
  ]
  const { status, stdout, stderr } = spawnSync('unshare', [...asRoot, '--mount', 'sh', '-ec', steps.join('\n')], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'C', HOME: other },
  })
  assert.equal(status, 0, stdout + stderr)
  const [name] = readdirSync(join(other, 'build/mobile/apk')) as [string]
  const paths = [repositoryRoot, other].map((folder) => join(folder, 'build/mobile/apk', name)) as [string, string]
  assert.ok(existsSync(paths[0]), `${name} was built before`)
  const entries = paths.map((path) => spawnSync('unzip', ['-v', path], { encoding: 'utf8' }).stdout.split('\n').slice(1).sort())
  assert.deepEqual(entries[1], entries[0])
  const [here, there] = paths.map((path) => readFileSync(path)) as [Buffer, Buffer]
  assert.ok(here.equals(there), `${name} is another one there`)
})
