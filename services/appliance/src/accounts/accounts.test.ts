import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { OwnerAccount } from './owner-account.ts'
import { pamCheck } from './pam.ts'
import { ShadowFile } from './shadow.ts'
import { sha512Crypt } from './sha512-crypt.ts'

test('crypt gives what the specification and other programs give', () => {
  // as glibc and OpenSSL give them
  assert.equal(
    sha512Crypt('Hello world!', 'saltstring'),
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  )
  assert.equal(
    sha512Crypt('Hello world!', 'saltstringsaltst', 10_000),
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  )
  assert.equal(
    sha512Crypt('This is just a test', 'toolongsaltstrin', 5000),
    '$6$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  )
  assert.equal(
    sha512Crypt('ä'.repeat(40), 'a', 1000),
    '$6$rounds=1000$a$zAx9Ah1G6QhUNCvnKaU6a73Kz651edKIRwjZZQdh2rtesDHyxmyKhkbDfYeIA.qTSeyzFrC/6MAgWfm7UkDL51',
  )
  assert.match(sha512Crypt('x', 'salt', 10), /^\$6\$rounds=1000\$/, 'never fewer rounds than may be')
  assert.throws(() => sha512Crypt('x', 'a:b'), RangeError)
})

const LINES = ['root:*:20000:0:99999:7:::', 'owner:!:20000:0:99999:7:::', 'holt:!*:20000::::::']

async function makeShadow(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-shadow-'))
  context.after(() => rm(folder, { recursive: true }))
  const real = join(folder, 'real')
  await writeFile(real, `${LINES.join('\n')}\n`, { mode: 0o640 })
  await symlink(real, join(folder, 'shadow'))
  return { folder, real, shadow: new ShadowFile(join(folder, 'shadow'), 1000) }
}

test('the password of one user is changed, through the link, and nothing else', async (context) => {
  const { folder, real, shadow } = await makeShadow(context)
  assert.equal(await shadow.hasPassword('owner'), false)
  await shadow.setPassword('owner', 'otters: in $ a wood')
  assert.equal(await shadow.hasPassword('owner'), true)
  assert.equal(await shadow.hasPassword('root'), false)
  const lines = (await readFile(real, 'utf8')).trim().split('\n')
  assert.deepEqual([lines[0], lines[2]], [LINES[0], LINES[2]])
  const [, hash = ''] = (lines[1] as string).split(':')
  const [, , rounds, salt] = hash.split('$')
  assert.equal(hash, sha512Crypt('otters: in $ a wood', salt as string, Number(rounds?.slice(7))))
  assert.equal((await stat(real)).mode & 0o777, 0o640)
  assert.deepEqual((await readdir(folder)).sort(), ['real', 'shadow'], 'no drafts are left')
})

async function makeAccount(context: TestContext, pam?: (user: string, password: string) => Promise<boolean>) {
  const { shadow } = await makeShadow(context)
  const world = { nowMs: 10 * 60 * 60_000, asked: [] as string[] }
  const check =
    pam ??
    (async (user: string, password: string) => {
      world.asked.push(`${user} ${password}`)
      return password === 'a wood with otters'
    })
  return { world, account: new OwnerAccount({ shadow, pam: check, now: () => world.nowMs }) }
}

test('the first password needs no other; the next needs the first', async (context) => {
  const { account } = await makeAccount(context)
  await assert.rejects(account.verify('a wood with otters'), { code: 'SIGN_IN_FAILED' }, 'before there is any')
  await account.setPassword('a wood with otters')
  await account.verify('a wood with otters')
  await assert.rejects(account.setPassword('another long one'), { code: 'SIGN_IN_FAILED' })
  await assert.rejects(account.setPassword('another long one', 'wrong'), { code: 'SIGN_IN_FAILED' })
  await account.setPassword('another long one', 'a wood with otters')
})

test('weak and untypable passwords are refused', async (context) => {
  const { account } = await makeAccount(context)
  for (const password of ['short', 'aaaaaaaaaaaaaaaa', '1212121212'])
    await assert.rejects(account.setPassword(password), { code: 'PASSPHRASE_TOO_WEAK' })
  for (const password of ['a wood with\nroot::0:', 'a wood with\0otters', 'ä'.repeat(300)])
    await assert.rejects(account.setPassword(password), { code: 'INPUT_INVALID' })
})

test('guessing gets slower and slower, and PAM is not even asked; after a while the right one works', async (context) => {
  const { account, world } = await makeAccount(context)
  await account.setPassword('a wood with otters')
  for (let i = 0; i < 4; i++) await assert.rejects(account.verify(`guess ${i}`), { code: 'SIGN_IN_FAILED' })
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    const asked = world.asked.length
    await assert.rejects(account.verify('a wood with otters'), { code: 'TOO_MANY_TRIES', data: { retryAfterMs: waitMs } })
    assert.equal(world.asked.length, asked)
    world.nowMs += waitMs
    await assert.rejects(account.verify('guess'), { code: 'SIGN_IN_FAILED' })
  }
  world.nowMs += 60_000
  await account.verify('a wood with otters')
  await assert.rejects(account.verify('guess'), { code: 'SIGN_IN_FAILED' })
})

test('many tries at once are one after the other', async (context) => {
  let inside = 0
  let most = 0
  const { account } = await makeAccount(context, async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setTimeout(resolve, 2))
    inside--
    return false
  })
  await account.setPassword('a wood with otters')
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => account.verify('guess')))
  const codes = results.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'let in'))
  assert.equal(most, 1)
  assert.equal(codes.filter((code) => code === 'SIGN_IN_FAILED').length, 4)
  assert.equal(codes.filter((code) => code === 'TOO_MANY_TRIES').length, 16)
})

test('an addon that is not there is said, not taken for a wrong password', async () => {
  assert.throws(() => void pamCheck('/nowhere/node-linux-pam.node')('owner', 'x'), { code: 'DEPENDENCY_MISSING' })
})
