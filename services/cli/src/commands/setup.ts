import { resolve } from 'node:path'
import type { Control } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { backUpRootKey, ROOT_KEY_BYTES, rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { counted } from '../format.ts'
import { reserveSecretFile, type SecretFile } from '../secret-file.ts'
import { confirmWords, givenPassphrase, isInteractive, passphrase, passphraseOptions, typedWords } from '../secrets.ts'

const DEFAULT_BACKUP_FILE = 'holt-root-key.age'

const driveOption = {
  drive: { type: 'text', many: true, value: 'DIR', help: 'a folder, best on a disk of its own, to hold fragments', complete: 'folder' },
} as const
const copyToOption = {
  'copy-to': {
    type: 'text',
    many: true,
    value: 'DIR',
    help: 'copies what the drives hold to these folders first, checks it, and only reads the drives; goes on where it was cut short',
    complete: 'folder',
  },
} as const
const friendOption = {
  friend: {
    type: 'text',
    many: true,
    value: 'ADDRESS',
    help: 'where the node of a friend is, as `holt peers` says there: /ip4/…/tcp/…/p2p/…; one is enough, it leads to the others',
  },
} as const
const wordsFileHelp = { type: 'text', value: 'FILE', complete: 'local' } as const

const init: Command = {
  name: 'init',
  summary: 'Makes the root key and an empty tree',
  arguments: [],
  options: {
    ...driveOption,
    'words-file': { ...wordsFileHelp, help: 'write the 24 words there, for the owner only, instead of showing them' },
    ...passphraseOptions,
    backup: {
      type: 'text',
      value: 'FILE',
      help: `the root key as an age file under the passphrase (default ./${DEFAULT_BACKUP_FILE} when a passphrase is given)`,
      complete: 'local',
    },
  },
  details: [
    'On a terminal it shows the words, asks two of them back and offers the backup file. Without one it needs --words-file. No file is ever overwritten, and nothing is made before words and backup are safe.',
    'Without --drive the node keeps fragments in its data folder: one drive, no protection against its loss.',
  ],
  examples: [
    { line: 'holt init --drive /mnt/a/holt --drive /mnt/b/holt --drive /mnt/c/holt', does: 'three drives, of which one may be lost' },
    { line: 'holt init --words-file words.txt --passphrase-file pass.txt --backup key.age', does: 'in a script' },
  ],
  run: (call) => call.anyNode((control) => initOn(control, call)),
}

async function initOn(control: Control, call: CommandCall): Promise<Outcome> {
  const { state } = await call.askOn(control, 'node.status', {})
  if (state !== 'new') throw new HoltError('ALREADY_INITIALIZED', 'this node has a root key already', { state })
  const interactive = isInteractive(call)
  if (call.text('words-file') === undefined && !interactive)
    throw new HoltError('INPUT_INVALID', 'without a terminal say where the 24 words go: --words-file FILE', { field: 'words-file' })
  const words = rootKeyToWords(crypto.getRandomValues(new Uint8Array(ROOT_KEY_BYTES)))
  const made: SecretFile[] = []
  try {
    const wordsFile = await keepWords(call, words, made)
    const backupFile = await keepBackup(call, { words, interactive, made })
    const drives = drivesOf(call)
    const { principal } = await call.askOn(control, 'node.init', { words, ...(drives.length > 0 ? { drives } : {}) })
    await call.askOn(control, 'key.markBackedUp', {})
    const report = [`Made the root key. You are ${principal}.`]
    if (wordsFile !== null) report.push(`The 24 words are in ${wordsFile}. Keep them where this machine is not.`)
    if (backupFile !== null) report.push(`The backup of the root key is ${backupFile}. Copy it to a USB stick.`)
    return { json: { principal, wordsFile, backupFile, drives }, report }
  } catch (error) {
    // They would be keys to nothing.
    await Promise.all(made.map((file) => file.discard()))
    throw error
  }
}

async function keepWords(call: CommandCall, words: string, made: SecretFile[]): Promise<string | null> {
  const typed = call.text('words-file')
  if (typed === undefined) {
    await confirmWords(call, words)
    return null
  }
  const file = await reserveSecretFile(typed, call.terminal.currentFolder)
  made.push(file)
  await file.fill(`${words}\n`)
  return file.path
}

interface BackupPlan {
  words: string
  interactive: boolean
  made: SecretFile[]
}

async function keepBackup(call: CommandCall, { words, interactive, made }: BackupPlan): Promise<string | null> {
  const given = await givenPassphrase(call)
  let target = call.text('backup') ?? (given === null ? null : DEFAULT_BACKUP_FILE)
  if (target === null && interactive && call.text('words-file') === undefined) {
    const answer = await call.terminal.question(
      `File for a backup of the root key under a passphrase [${DEFAULT_BACKUP_FILE}; - for none]: `,
      { signal: call.signal },
    )
    target = answer.trim() === '-' ? null : answer.trim() || DEFAULT_BACKUP_FILE
  }
  if (target === null) return null
  const file = await reserveSecretFile(target, call.terminal.currentFolder)
  made.push(file)
  await file.fill(await backUpRootKey(rootKeyFromWords(words), await passphrase(call, { twice: true })))
  return file.path
}

const drivesOf = (call: CommandCall): string[] => foldersOf(call, 'drive')

function foldersOf(call: CommandCall, option: 'drive' | 'copy-to'): string[] {
  return call.texts(option).map((folder) => resolve(call.terminal.currentFolder, folder))
}

const recover: Command = {
  name: 'recover',
  summary: 'Brings a tree back from its 24 words and the drives that are left, or friends',
  arguments: [],
  options: {
    'words-file': { ...wordsFileHelp, help: 'the 24 words; asked for when not given' },
    ...driveOption,
    ...copyToOption,
    ...friendOption,
  },
  details: [
    'For a new data folder, when the old one is lost. Name every drive that is left.',
    'When drives are lost too, name a friend who keeps data for you: files can be used at once, read from friends, while everything comes to the new drives in the background. --drive may then name empty folders.',
  ],
  examples: [
    {
      line: 'holt recover --words-file words.txt --drive /mnt/a/holt --drive /mnt/b/holt',
      does: 'finds the newest version that the drives hold',
    },
    {
      line: 'holt recover --drive /media/old/holt --copy-to /mnt/new/holt',
      does: 'moves to a new drive; the old one stays as it is',
    },
    {
      line: 'holt recover --friend /ip4/192.168.7.2/tcp/4660/p2p/12D3KooW… --drive /mnt/new/holt',
      does: 'everything is lost: what friends keep comes back',
    },
  ],
  run: async (call) => {
    if (call.texts('drive').length === 0 && call.texts('friend').length === 0)
      throw new HoltError('INPUT_INVALID', 'name the drives that are left with --drive DIR, or a friend with --friend ADDRESS', {
        field: 'drive',
      })
    const words = await typedWords(call)
    return await call.anyNode((control) => recoverOn(control, call, words))
  },
}

/** Also for a root key from its backup file: with drives their tree comes back, without any a new one begins. */
export async function recoverOn(control: Control, call: CommandCall, words: string): Promise<Outcome> {
  const drives = drivesOf(call)
  const friends = call.texts('friend')
  if (drives.length === 0 && friends.length === 0) {
    const { principal } = await call.askOn(control, 'node.init', { words })
    await call.askOn(control, 'key.markBackedUp', {})
    return { json: { principal }, report: [`Took the root key; the tree is empty. You are ${principal}.`] }
  }
  const copyTo = foldersOf(call, 'copy-to')
  const found = await call.askOn(control, 'node.recover', {
    words,
    drives,
    ...(copyTo.length > 0 && { copyTo }),
    ...(friends.length > 0 && { friends: [...friends] }),
  })
  const { principal, sequence, packs, lostPacks, copied } = found
  return {
    json: found,
    report: [
      ...(copied
        ? [`Copied ${counted(copied.files, 'file')} of the drives, ${copied.present} were there, ${copied.damaged} were damaged.`]
        : []),
      `Recovered version ${sequence} of the tree, ${counted(packs, 'pack')}. You are ${principal}.`,
      ...(found.friends
        ? [`${counted(found.friends.friends, 'node')} of friends answered; they have ${counted(found.friends.packs, 'pack')} of yours.`]
        : []),
    ],
    warnings: [
      ...(lostPacks > 0 ? [`${counted(lostPacks, 'pack')} cannot be rebuilt from these drives; 'holt doctor' names the files`] : []),
      ...(found.friends && found.friends.late > 0
        ? [`${counted(found.friends.late, 'node')} of friends did not answer: what only they keep comes when they are there.`]
        : []),
      ...(found.friends?.behind === true ? ['A newer state is known than any friend gave: ask again when more of them are there.'] : []),
    ],
    exitCode: lostPacks > 0 ? exitCodeOf.PACK_UNRECOVERABLE : 0,
  }
}

export { copyToOption, driveOption, friendOption }
export const setupCommands: readonly Command[] = [init, recover]
