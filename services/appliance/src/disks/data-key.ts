import { randomBytes } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'

export const DATA_PARTITION = '/dev/disk/by-partlabel/holt-data'
/** Where it lies on a box without a TPM. */
const KEY_FILE = '/efi/holt/data-key'

const TPM_TOKEN = 'systemd-tpm2'
const RECOVERY_TOKEN = 'systemd-recovery'
/** The start of a box uses the low ones; two, so that a new key is there before the old one goes. */
const RECOVERY_SLOTS = ['7', '6']
const TPM_LIMIT_MS = 90_000

const Luks = Type.Object({
  keyslots: Type.Optional(Type.Record(Type.String(), Type.Object({}))),
  tokens: Type.Optional(
    Type.Record(Type.String(), Type.Object({ type: Type.String(), keyslots: Type.Optional(Type.Array(Type.String())) })),
  ),
})
type Luks = Static<typeof Luks>

/** What opens the encrypted data partition. */
export class DataKey {
  readonly #tools: Tools
  readonly #partition: string
  readonly #keyFile: string
  #turn: Promise<unknown> = Promise.resolve()

  /** @param tools with the right to read and change drives. */
  constructor(tools: Tools, { partition = DATA_PARTITION, keyFile = KEY_FILE } = {}) {
    this.#tools = tools
    this.#partition = partition
    this.#keyFile = keyFile
  }

  /** What cannot be read holds nothing. */
  async status(): Promise<{ sealed: boolean; recoveryKey: boolean }> {
    const luks = await this.#read().catch((): Luks => ({}))
    return {
      sealed: tokensOf(luks, TPM_TOKEN).length > 0,
      recoveryKey: tokensOf(luks, RECOVERY_TOKEN).some(({ slots }) => slots.length > 0),
    }
  }

  /**
   * A second key, for paper. It was tried when this resolves, and from then on one made before does not open any more.
   *
   * @throws HoltError SYSTEM_REFUSED when the partition does not open by what should open it.
   */
  makeRecoveryKey(): Promise<string> {
    const made = this.#turn.then(() => this.#make())
    this.#turn = made.catch(() => {})
    return made
  }

  async #make(): Promise<string> {
    const luks = await this.#read()
    const old = tokensOf(luks, RECOVERY_TOKEN)
    const slot = await this.#freeSlot(
      luks,
      old.flatMap(({ slots }) => slots),
    )
    const key = newRecoveryKey()
    const quick = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'] // nobody guesses 256 bits, however fast
    const opener = tokensOf(luks, TPM_TOKEN).length > 0 ? ['--token-only', '--token-type', TPM_TOKEN] : ['--key-file', this.#keyFile]
    await this.#run(['luksAddKey', ...opener, ...quick, '--new-key-slot', slot, '--new-keyfile', '-', this.#partition], key)
    await this.#run(['open', '--test-passphrase', '--key-slot', slot, '--key-file', '-', this.#partition], key)
    const token = JSON.stringify({ type: RECOVERY_TOKEN, keyslots: [slot] })
    await this.#run([...'token import --json-file -'.split(' '), this.#partition], token)
    for (const { id, slots } of old) await this.#remove(id, slots)
    return key
  }

  /** A power cut may have left a key that no token tells of. */
  async #freeSlot({ keyslots = {} }: Luks, told: readonly string[]): Promise<string> {
    const free = RECOVERY_SLOTS.find((slot) => !(slot in keyslots))
    if (free !== undefined) return free
    const forgotten = RECOVERY_SLOTS.find((slot) => !told.includes(slot)) ?? '6'
    await this.#run(['luksKillSlot', this.#partition, forgotten])
    return forgotten
  }

  async #remove(id: string, slots: readonly string[]): Promise<void> {
    for (const slot of slots) await this.#run(['luksKillSlot', this.#partition, slot])
    await this.#run(['token', 'remove', '--token-id', id, this.#partition])
  }

  async #read(): Promise<Luks> {
    return readJson(Luks, await this.#run(['luksDump', '--dump-json-metadata', this.#partition]), 'cryptsetup')
  }

  #run(args: readonly string[], input?: string): Promise<string> {
    return this.#tools.run('cryptsetup', ['--batch-mode', ...args], { timeoutMs: TPM_LIMIT_MS, ...(input === undefined ? {} : { input }) })
  }
}

function tokensOf({ tokens = {} }: Luks, wanted: string): { id: string; slots: string[] }[] {
  return Object.entries(tokens)
    .filter(([, { type }]) => type === wanted)
    .map(([id, { keyslots = [] }]) => ({ id, slots: keyslots }))
}

/** In these letters every keyboard layout agrees; in groups as systemd writes its own, so that its programs take it too. */
const LETTERS = 'cbdefghijklnrtuv'

/** 256 random bits as 8 groups of 8 letters. */
export function newRecoveryKey(): string {
  const letters = [...randomBytes(32)].map((byte) => `${LETTERS[byte >> 4]}${LETTERS[byte & 15]}`).join('')
  return (letters.match(/.{8}/g) as string[]).join('-')
}
