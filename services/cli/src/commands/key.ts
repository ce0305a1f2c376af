import { openRootKeyFile, rootKeyToWords } from '@holt/core/root-key.ts'
import type { Command } from '../command.ts'
import { readSecretFile, reserveSecretFile } from '../secret-file.ts'
import { passphrase, passphraseOptions, wordGrid } from '../secrets.ts'
import { copyToOption, driveOption, friendOption, recoverOn } from './setup.ts'

const backup: Command = {
  name: 'key backup',
  summary: 'Saves the root key to a file under a passphrase',
  arguments: [{ name: 'FILE', complete: 'local' }],
  options: passphraseOptions,
  details: [
    'The file is an age file: `age -d FILE` opens it without Holt and shows the 24 words. It is for the owner only and never overwrites another.',
  ],
  examples: [{ line: 'holt key backup /media/stick/holt-root-key.age', does: 'asks for a passphrase and saves it on a USB stick' }],
  run: async (call) => {
    await call.node()
    const file = await reserveSecretFile(call.arguments[0] as string, call.terminal.currentFolder)
    try {
      const { fileBase64 } = await call.ask('key.backup', { passphrase: await passphrase(call, { twice: true }) })
      await file.fill(Buffer.from(fileBase64, 'base64'))
    } catch (error) {
      await file.discard()
      throw error
    }
    await call.ask('key.markBackedUp', {})
    return { json: { file: file.path }, report: [`The root key is in ${file.path}.`] }
  },
}

const restore: Command = {
  name: 'key restore',
  summary: 'Takes the root key from a backup file, and the tree from drives or friends',
  arguments: [{ name: 'FILE', complete: 'local' }],
  options: { ...passphraseOptions, ...driveOption, ...copyToOption, ...friendOption },
  details: [
    'With --drive it recovers the tree those drives hold, with --friend what friends keep, as `holt recover` does from the words; without either it begins an empty tree under this key.',
  ],
  examples: [
    {
      line: 'holt key restore /media/stick/holt-root-key.age --drive /mnt/a/holt --drive /mnt/b/holt',
      does: 'asks for the passphrase and recovers',
    },
  ],
  run: async (call) => {
    const file = await readSecretFile(call.arguments[0] as string, call.terminal.currentFolder)
    const words = rootKeyToWords(await openRootKeyFile(file, await passphrase(call, { twice: false })))
    return await call.anyNode((control) => recoverOn(control, call, words))
  },
}

const words: Command = {
  name: 'key words',
  summary: 'Shows the 24 words',
  arguments: [],
  options: {},
  details: ['Whoever sees them can read everything. Without a terminal they come on one line.'],
  examples: [{ line: 'holt key words', does: 'for writing them down' }],
  run: async (call) => {
    const { words: text } = await call.ask('key.words', {})
    return { json: { words: text }, lines: call.terminal.isInteractive.output ? wordGrid(text) : [text] }
  },
}

export const keyCommands: readonly Command[] = [backup, restore, words]
