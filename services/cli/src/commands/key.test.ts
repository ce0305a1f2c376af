import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import { HoltError } from '@holt/core/errors.ts'
import { backUpRootKey, openRootKeyFile, rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import { covering, status, temporaryFolder, words } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both, shownBothWays } = covering('key')

const freshNode = (): FakeControl =>
  new FakeControl({
    'node.status': () => ({ ...status, state: 'new', principal: null }),
    'node.init': ({ words: given }) => ({ words: given ?? words, principal: '12D3KooW' }),
    'key.markBackedUp': () => ({}),
    'node.recover': () => ({ principal: '12D3KooW', sequence: 44, packs: 3, lostPacks: 0 }),
  })

test('init without a terminal starts a node, writes words and backup for the owner only, and overwrites nothing', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const line = [
    'init',
    '--drive',
    'a',
    '--drive',
    '/b',
    '--words-file',
    'words.txt',
    '--passphrase',
    'correct horse',
    '--backup',
    'key.age',
  ]
  const startable = freshNode()
  const { out, err, exitCode, started } = await holt([...line, '--json'], { control: null, startable, currentFolder })
  assert.equal(exitCode, 0, err)
  assert.deepEqual(started, ['/home/me/.holt'])
  const [wordsFile, backupFile] = [join(currentFolder, 'words.txt'), join(currentFolder, 'key.age')]
  assert.deepEqual(JSON.parse(out), { principal: '12D3KooW', wordsFile, backupFile, drives: [join(currentFolder, 'a'), '/b'] })
  const [given] = startable.asked('node.init')
  assert.equal(await readFile(wordsFile, 'utf8'), `${given?.words}\n`)
  assert.deepEqual(given?.drives, [join(currentFolder, 'a'), '/b'])
  assert.equal(rootKeyToWords(await openRootKeyFile(await readFile(backupFile), 'correct horse')), given?.words)
  for (const file of [wordsFile, backupFile]) assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(startable.asked('key.markBackedUp').length, 1)

  const again = await holt(line, { control: freshNode(), currentFolder })
  assert.equal(again.exitCode, 4)
  assert.equal(await readFile(wordsFile, 'utf8'), `${given?.words}\n`)
  const text = await holt(['init', '--words-file', 'other.txt'], { control: freshNode(), currentFolder })
  assert.match(text.out, /^Made the root key\. You are 12D3KooW\.\nThe 24 words are in .*other\.txt\./)
  shownBothWays('init')
})

test('init that fails leaves no files and makes nothing before words and backup are safe', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const attempt = async (line: string[], control = freshNode()) => {
    const shown = await holt(['init', ...line], { control, currentFolder })
    await assert.rejects(stat(join(currentFolder, 'w')), { code: 'ENOENT' })
    await assert.rejects(stat(join(currentFolder, 'k')), { code: 'ENOENT' })
    return { exitCode: shown.exitCode, inits: control.asked('node.init').length }
  }
  assert.deepEqual(await attempt([]), { exitCode: 2, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'w', '--backup', 'k']), { exitCode: 2, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'w', '--backup', 'k', '--passphrase', 'short']), { exitCode: 13, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'w', '--passphrase', 'a', '--passphrase-file', 'b']), { exitCode: 2, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'none/w']), { exitCode: 3, inits: 0 })
  const failing = freshNode()
  failing.answers = {
    ...failing.answers,
    'node.init': () => {
      throw new HoltError('DRIVE_FOREIGN', 'not empty')
    },
  }
  assert.deepEqual(await attempt(['--words-file', 'w', '--backup', 'k', '--passphrase', 'long enough'], failing), { exitCode: 8, inits: 1 })
  assert.deepEqual(await attempt(['--words-file', 'w'], new FakeControl({ 'node.status': () => status })), { exitCode: 4, inits: 0 })
})

test('init on a terminal shows the words, asks two back, insists on the right ones, and offers a backup', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const control = freshNode()
  let wrong = 1
  const shownWords = (text: string) =>
    text
      .slice(text.lastIndexOf('These 24'))
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .flatMap((line) => [...line.matchAll(/(\d+) (\w+)/g)])
  const { exitCode, err, terminal } = await holt(['init'], {
    control,
    currentFolder,
    answers: (prompt, shown) => {
      const asked = /^Word (\d+)/.exec(prompt)?.[1]
      if (asked !== undefined)
        return wrong-- > 0
          ? 'wrong'
          : ` ${shownWords(shown)
              .find(([, number]) => number === asked)?.[2]
              ?.toUpperCase()} `
      return prompt.startsWith('File') ? '' : prompt.startsWith('Press') ? '' : 'correct horse'
    },
  })
  assert.equal(exitCode, 0, err)
  assert.match(err, /That is another word/)
  const given = control.asked('node.init')[0]?.words as string
  assert.deepEqual(
    shownWords(err)
      .sort((a, b) => Number(a[1]) - Number(b[1]))
      .map(([, , word]) => word),
    given.split(' '),
  )
  assert.equal(rootKeyToWords(await openRootKeyFile(await readFile(join(currentFolder, 'holt-root-key.age')), 'correct horse')), given)
  assert.deepEqual(
    terminal.prompts.filter(({ hidden }) => hidden).map(({ prompt }) => prompt),
    ['Passphrase: ', 'Once more:  '],
  )
})

test('recover reads the words, tells a wrong word from a wrong checksum, and passes drives on', async (context) => {
  const currentFolder = await temporaryFolder(context)
  await writeFile(
    join(currentFolder, 'words'),
    words
      .split(' ')
      .map((word, i) => `${i + 1}. ${word.toUpperCase()}\n`)
      .join(''),
  )
  const control = freshNode()
  const options = { control, currentFolder }
  const { out, exitCode, err } = await holt(['recover', '--words-file', 'words', '--drive', 'd', '--json'], options)
  assert.equal(exitCode, 0, err)
  assert.deepEqual(JSON.parse(out), { principal: '12D3KooW', sequence: 44, packs: 3, lostPacks: 0 })
  assert.deepEqual(control.asked('node.recover'), [{ words, drives: [join(currentFolder, 'd')] }])
  assert.match(
    (await holt(['recover', '--words-file', 'words', '--drive', 'd'], options)).out,
    /^Recovered version 44 of the tree, 3 packs\./,
  )
  shownBothWays('recover')

  const refused = async (text: string) => {
    await writeFile(join(currentFolder, 'bad'), text)
    const { err: said, exitCode: code } = await holt(['recover', '--words-file', 'bad', '--drive', 'd'], { control: null, currentFolder })
    assert.equal(code, 12)
    return said
  }
  assert.match(await refused('abandon abandon'), /2 words, not 24/)
  assert.match(await refused(words.replace(/^\w+/, 'holt')), /word 1 is not in the list/)
  assert.match(await refused(words.split(' ').reverse().join(' ')), /one is wrong or two changed places/)
  assert.equal((await holt(['recover', '--words-file', 'words'], options)).exitCode, 2)
  assert.equal((await holt(['recover', '--words-file', 'none', '--drive', 'd'], options)).exitCode, 3)
  assert.equal((await holt(['recover', '--drive', 'd'], options)).exitCode, 2)
})

test('a recovery that misses packs says so in its exit code', async (context) => {
  const currentFolder = await temporaryFolder(context)
  await writeFile(join(currentFolder, 'words'), words)
  const control = freshNode()
  control.answers = { ...control.answers, 'node.recover': () => ({ principal: 'p', sequence: 2, packs: 3, lostPacks: 1 }) }
  const { exitCode, err } = await holt(['recover', '--words-file', 'words', '--drive', 'd'], { control, currentFolder })
  assert.equal(exitCode, 9)
  assert.match(err, /1 pack cannot be rebuilt/)
})

test('key backup writes an age file for the owner only and remembers it; a refusal leaves no file', async (context) => {
  const currentFolder = await temporaryFolder(context)
  await writeFile(join(currentFolder, 'pass'), 'correct horse\nsecond line\n')
  const answers: FakeAnswers = {
    'key.backup': ({ passphrase }) => ({ fileBase64: Buffer.from(`age:${passphrase}`).toString('base64') }),
    'key.markBackedUp': () => ({}),
  }
  const control = new FakeControl(answers)
  const json = await holt(['key', 'backup', 'k1', '--passphrase-file', 'pass', '--json'], { control, currentFolder })
  assert.deepEqual(JSON.parse(json.out), { file: join(currentFolder, 'k1') })
  assert.equal(await readFile(join(currentFolder, 'k1'), 'utf8'), 'age:correct horse')
  assert.equal((await stat(join(currentFolder, 'k1'))).mode & 0o777, 0o600)
  const asked = await holt(['key', 'backup', 'k2'], {
    control,
    currentFolder,
    answers: ['one thing', 'another', 'correct horse', 'correct horse'],
  })
  assert.equal(asked.out, `The root key is in ${join(currentFolder, 'k2')}.\n`)
  assert.match(asked.err, /They differ/)
  assert.equal((await holt(['key', 'backup', 'k1', '--passphrase', 'correct horse'], { control, currentFolder })).exitCode, 4)
  const weak = new FakeControl({
    'key.backup': () => {
      throw new HoltError('PASSPHRASE_TOO_WEAK', 'at least 8')
    },
  })
  assert.equal((await holt(['key', 'backup', 'k3', '--passphrase', 'x'], { control: weak, currentFolder })).exitCode, 13)
  await assert.rejects(stat(join(currentFolder, 'k3')), { code: 'ENOENT' })
  shownBothWays('key backup')
})

test('key restore tells a wrong passphrase from a damaged file; without drives it begins an empty tree', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const file = await backUpRootKey(rootKeyFromWords(words), 'correct horse', { costLog2: 10 })
  await writeFile(join(currentFolder, 'key'), file)
  await writeFile(join(currentFolder, 'damaged'), file.subarray(0, file.length - 9))
  const control = freshNode()
  const line = (name: string, passphrase: string) => ['key', 'restore', name, '--passphrase', passphrase]
  assert.equal((await holt(line('key', 'wrong horse'), { control, currentFolder })).exitCode, 10)
  assert.equal((await holt(line('damaged', 'correct horse'), { control, currentFolder })).exitCode, 11)
  const empty = await holt(line('key', 'correct horse'), { control, currentFolder })
  assert.match(empty.out, /^Took the root key; the tree is empty\./)
  assert.deepEqual(control.asked('node.init'), [{ words }])
  const recovered = await holt([...line('key', 'correct horse'), '--drive', '/d', '--json'], { control, currentFolder })
  assert.equal((JSON.parse(recovered.out) as { sequence: number }).sequence, 44)
  assert.deepEqual(control.asked('node.recover'), [{ words, drives: ['/d'] }])
  shownBothWays('key restore')
})

test('key words prints a line for programs and a numbered grid for people', async () => {
  const answers: FakeAnswers = { 'key.words': () => ({ words }) }
  const { text, json } = await both(['key', 'words'], answers)
  assert.deepEqual(json, { words })
  assert.equal(text.out, `${words}\n`)
  const person = await holt(['key', 'words'], { control: new FakeControl(answers), answers: [] })
  assert.equal(person.out.trimEnd().split('\n').length, 6)
  assert.match(person.out, /^ 1 \w+ +7 \w+ +13 \w+ +19 \w+$/m)
})
