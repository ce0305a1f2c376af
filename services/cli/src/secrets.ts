import { HoltError } from '@holt/core/errors.ts'
import { rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import type { CommandCall } from './command.ts'
import { readSecretFile } from './secret-file.ts'

export const passphraseOptions = {
  passphrase: { type: 'text', value: 'TEXT', help: 'the passphrase; other users of this machine may see it while the command runs' },
  'passphrase-file': { type: 'text', value: 'FILE', help: 'its first line is the passphrase', complete: 'local' },
} as const

/** A person is there to be shown and asked things. */
export function isInteractive({ terminal, json }: CommandCall): boolean {
  return terminal.isInteractive.input && terminal.isInteractive.errors && !json
}

/** @returns null when none was given. @throws HoltError INPUT_INVALID, NOT_FOUND. */
export async function givenPassphrase(call: CommandCall): Promise<string | null> {
  const [text, file] = [call.text('passphrase'), call.text('passphrase-file')]
  if (text !== undefined && file !== undefined)
    throw new HoltError('INPUT_INVALID', 'give --passphrase or --passphrase-file, not both', { field: 'passphrase' })
  if (file === undefined) return text ?? null
  const content = new TextDecoder().decode(await readSecretFile(file, call.terminal.currentFolder))
  return content.split(/\r?\n/)[0] ?? ''
}

/** @throws HoltError INPUT_INVALID when it is neither given nor can be asked for. */
export async function passphrase(call: CommandCall, { twice }: { twice: boolean }): Promise<string> {
  const given = await givenPassphrase(call)
  if (given !== null) return given
  if (!isInteractive(call))
    throw new HoltError('INPUT_INVALID', 'without a terminal give --passphrase-file FILE or --passphrase TEXT', { field: 'passphrase' })
  for (;;) {
    const first = await call.terminal.question('Passphrase: ', { hidden: true, signal: call.signal })
    if (!twice || first === (await call.terminal.question('Once more:  ', { hidden: true, signal: call.signal }))) return first
    call.terminal.tell('They differ; try again.\n')
  }
}

/** The 24 words of --words-file, or asked for. @throws HoltError WORDS_INVALID, INPUT_INVALID, NOT_FOUND. */
export async function typedWords(call: CommandCall): Promise<string> {
  const file = call.text('words-file')
  if (file !== undefined) return checkedWords(new TextDecoder().decode(await readSecretFile(file, call.terminal.currentFolder)))
  if (!isInteractive(call)) throw new HoltError('INPUT_INVALID', 'without a terminal give --words-file FILE', { field: 'words-file' })
  return checkedWords(await call.terminal.question('The 24 words, with spaces between: ', { signal: call.signal }))
}

/** Numbers before the words, as on a page of numbered words, do no harm. */
function checkedWords(text: string): string {
  return rootKeyToWords(rootKeyFromWords(text.replace(/\d+[.)]?/g, ' ')))
}

/** Four columns, to be read downwards as on the page of the browser. */
export function wordGrid(words: string): string[] {
  const numbered = words.split(' ').map((word, i) => `${String(i + 1).padStart(2)} ${word.padEnd(10)}`)
  return Array.from({ length: 6 }, (_, row) =>
    [0, 6, 12, 18]
      .map((column) => numbered[row + column])
      .join('  ')
      .trimEnd(),
  )
}

/** Shows the words, takes them off the screen, asks two of them back; again until both are right. */
export async function confirmWords({ terminal, signal }: CommandCall, words: string): Promise<void> {
  const list = words.split(' ')
  for (;;) {
    const grid = wordGrid(words)
    terminal.tell(
      `\nThese 24 words are the root key. Whoever has them can read everything;\nwithout them and without a backup nobody can. Write them down:\n\n${grid.map((line) => `    ${line}`).join('\n')}\n\n`,
    )
    await terminal.question('Press Enter when they are on paper. ', { signal })
    terminal.tell(`\u001b[${grid.length + 6}A\u001b[J`)
    if (await knowsTwo({ terminal, signal }, list)) return
    terminal.tell('That is another word; look at them once more.\n')
  }
}

async function knowsTwo({ terminal, signal }: Pick<CommandCall, 'terminal' | 'signal'>, words: readonly string[]): Promise<boolean> {
  const [a, b] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number]
  const first = a % words.length
  const second = (first + 1 + (b % (words.length - 1))) % words.length
  for (const at of [first, second].sort((x, y) => x - y)) {
    const answer = await terminal.question(`Word ${at + 1}: `, { signal })
    if (answer.trim().toLowerCase() !== words[at]) return false
  }
  return true
}
