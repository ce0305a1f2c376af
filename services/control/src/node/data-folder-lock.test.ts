import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { lockDataFolder } from './data-folder-lock.ts'

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-lock-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const inUse = (error: unknown) => isHoltError(error, 'STORE_IN_USE')

/** A process that takes the lock, says which way it went, and lives until it is killed. */
function contender(context: TestContext, folder: string): ChildProcess {
  const program = `
    import { lockDataFolder } from ${JSON.stringify(new URL('./data-folder-lock.ts', import.meta.url).href)}
    await lockDataFolder(process.argv[1]).then(() => console.log('LOCKED'), (error) => console.log(error.code))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  context.after(() => child.kill('SIGKILL'))
  return child
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [bytes] = (await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer]
  return bytes.toString().trim()
}

test('makes the folder for its owner and refuses a second lock until the first is released', async (context) => {
  const folder = join(await temporaryFolder(context), 'data')
  const lock = await lockDataFolder(folder)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  await assert.rejects(lockDataFolder(folder), inUse)
  await lock.release()
  await (await lockDataFolder(folder)).release()
})

test('another path to the same folder is the same lock, another folder is not', async (context) => {
  const folder = await temporaryFolder(context)
  const other = await temporaryFolder(context)
  await symlink(folder, join(other, 'alias'))
  const lock = await lockDataFolder(folder)
  await assert.rejects(lockDataFolder(join(other, 'alias')), inUse)
  await (await lockDataFolder(other)).release()
  await lock.release()
})

test('of many at the same moment exactly one has it, and only one secret is left', async (context) => {
  const folder = await temporaryFolder(context)
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => lockDataFolder(folder)))
  const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  assert.equal(locks.length, 1)
  for (const result of results) assert.ok(result.status === 'fulfilled' || inUse(result.reason))
  assert.deepEqual(await readdir(folder), ['lock'])
  await locks[0]?.release()
})

test('of several processes exactly one has it; killing it frees it', async (context) => {
  const folder = await temporaryFolder(context)
  const children = Array.from({ length: 4 }, () => contender(context, folder))
  const lines = await Promise.all(children.map(firstLine))
  assert.deepEqual([...lines].sort(), ['LOCKED', 'STORE_IN_USE', 'STORE_IN_USE', 'STORE_IN_USE'])
  await assert.rejects(lockDataFolder(folder), inUse)
  const holder = children[lines.indexOf('LOCKED')] as ChildProcess
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await (await lockDataFolder(folder)).release()
})

test('refuses when only the control socket shows another node, as from another container', async (context) => {
  const folder = await temporaryFolder(context)
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(join(folder, 'control.sock'), resolve))
  await assert.rejects(lockDataFolder(folder), inUse)
  await new Promise((resolve) => other.close(resolve))
  await (await lockDataFolder(folder)).release()
})
