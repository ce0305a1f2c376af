import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClassInfo, DriveInfo, Status } from '@holt/control/schema.ts'
import { holtErrorCodes } from '@holt/core/errors.ts'
import { bytesText, dateText, durationText, percentText } from '../ui/format.ts'
import { isAtOrUnder, joinPath, nameOf, nameProblem, numberedName, parentOf } from '../ui/paths.ts'
import { passwordStrength } from '../ui/setup/password-strength.ts'
import { healthOf } from '../ui/storage/health.ts'
import { refusalText } from '../ui/texts/refusal-text.ts'

test('writes sizes, spans and shares for people', () => {
  const sizes: [number, string][] = [
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [999_949, '1.0 MB'],
    [12_345_678, '12 MB'],
    [2e12, '2.0 TB'],
  ]
  for (const [bytes, text] of sizes) assert.equal(bytesText(bytes), text)
  assert.equal(durationText(3), 'a few seconds')
  assert.equal(durationText(44), '40 seconds')
  assert.equal(durationText(600), '10 minutes')
  assert.equal(durationText(7200), '2 hours')
  assert.equal(percentText(999, 1000), '99 %')
  assert.equal(percentText(5, 0), '')
  const now = new Date(2026, 2, 3, 15, 0)
  assert.equal(dateText(new Date(2026, 2, 3, 14, 5).getTime() / 1000, now), 'today, 14:05')
  assert.equal(dateText(new Date(2026, 0, 9).getTime() / 1000, now), '9 Jan')
  assert.equal(dateText(new Date(2021, 0, 9).getTime() / 1000, now), '9 Jan 2021')
  assert.equal(dateText(1e300, now), '')
})

test('takes paths apart and puts them together', () => {
  assert.equal(joinPath('/', 'a'), '/a')
  assert.equal(joinPath('/a', 'b'), '/a/b')
  assert.equal(parentOf('/a'), '/')
  assert.equal(parentOf('/a/b'), '/a')
  assert.equal(nameOf('/a/b'), 'b')
  assert.equal(isAtOrUnder('/ab', '/a'), false)
  assert.equal(isAtOrUnder('/a/b', '/a'), true)
  assert.equal(isAtOrUnder('/a', '/'), true)
  assert.equal(numberedName('a.tar.gz', 2), 'a.tar (2).gz')
  assert.equal(numberedName('.hidden', 3), '.hidden (3)')
  assert.deepEqual(['', 'a/b', '..', 'ä'.repeat(128), 'fine'].map(nameProblem), ['empty', 'slash', 'dots', 'long', null])
})

test('says something for every error code, with its facts', () => {
  for (const code of [...holtErrorCodes, 'OFFLINE' as const]) {
    const text = refusalText({ code, message: 'as the node says it', data: {} })
    assert.match(text, /^\S.*\.$/s, code)
    assert.doesNotMatch(text, /undefined|NaN/, code)
  }
  assert.match(refusalText({ code: 'WORDS_INVALID', message: '', data: { position: 7 } }), /Word 7/)
  assert.match(refusalText({ code: 'TOO_MANY_TRIES', message: '', data: { retryAfterMs: 120_000 } }), /2 minutes/)
})

test('short passwords are none, long ones are stronger', () => {
  assert.equal(passwordStrength('short'), 0)
  assert.equal(passwordStrength('aaaaaaaaaaaa'), 1)
  assert.ok(passwordStrength('four words of mine') > passwordStrength('abcdefghij'))
})

const drive = (state: DriveInfo['state']): DriveInfo => ({
  id: 'x',
  folder: '/x',
  state,
  totalBytes: 1,
  freeBytes: 1,
  fragmentBytes: 0,
  fragmentCount: 0,
})
const standard = (lossesSurvived: number): ClassInfo => ({
  name: 'standard',
  dataFragments: 4,
  totalFragments: 6,
  setByOwner: false,
  packs: 1,
  packBytes: 1,
  lossesSurvived,
})
const status = (store: Partial<Status['store']> = {}): Status =>
  ({ store: { blocks: 1, packs: 1, packBytes: 1, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0, ...store } }) as Status

test('names the worst that is true', () => {
  const fine = [drive('ok'), drive('ok')]
  const cases: [ReturnType<typeof healthOf>, 'good' | 'warn' | 'bad', RegExp, boolean][] = [
    [healthOf(fine, [standard(2)], status()), 'good', /any 2 drives/, false],
    [healthOf(fine, [standard(1)], status()), 'good', /any one drive/, false],
    [healthOf(fine, [standard(2), standard(1)], status()), 'good', /any one drive/, false],
    [healthOf(fine, [standard(0)], status()), 'warn', /would not survive/, false],
    [healthOf([], [], status()), 'warn', /no drive/, false],
    [healthOf([...fine, drive('missing')], [standard(1)], status({ degradedPacks: 1 })), 'warn', /One drive is lost/, true],
    [healthOf([...fine, drive('missing')], [standard(0)], status({ degradedPacks: 1 })), 'bad', /One drive is lost/, true],
    [healthOf(fine, [standard(1)], status({ degradedPacks: 1 })), 'warn', /fragments are missing/, true],
    [healthOf([drive('missing'), drive('missing')], [standard(-1)], status({ lostPacks: 3 })), 'bad', /cannot be read/, true],
  ]
  for (const [health, level, title, repair] of cases) {
    assert.equal(health.level, level, health.title)
    assert.match(health.title, title)
    assert.equal(health.repair, repair, health.title)
  }
})
