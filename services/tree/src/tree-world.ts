import { utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { volumeId } from '@holt/core/root-key.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { createFileWriter } from './file-writer.ts'
import { MemoryBlockStore } from './memory-block-store.ts'
import type { TreeVolume } from './tree-volume.ts'
import type { FileEntry, SymlinkEntry, Time, Volume } from './types.ts'
import { createVolume, openVolume } from './volume.ts'
import type { VolumeOptions } from './volume-options.ts'

/** A store, an owner and a volume in memory, for the tests of this layer. */

/** AES-GCM that gives values, not promises, as node:crypto does. */
export const syncCrypto: Crypto = createWebCrypto(() => ({ getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) }))

export class TreeWorld {
  store = new MemoryBlockStore()
  readonly crypto: Crypto
  readonly seed: Uint8Array
  readonly options: Omit<VolumeOptions, 'head' | 'store'>
  /** Milliseconds; tests move it. */
  nowMs = Date.UTC(2026, 0, 1)

  constructor(crypto: Crypto = syncCrypto) {
    this.crypto = crypto
    this.seed = crypto.randomBytes(32)
    const owner = crypto.ed25519PublicKey(this.seed)
    const salt = crypto.randomBytes(16)
    this.options = {
      crypto,
      id: volumeId(owner, salt),
      owner,
      salt,
      keys: [crypto.randomBytes(32)],
      signer: { seed: this.seed, publicKey: owner, chain: [] },
      clock: () => this.nowMs,
    }
  }

  create(options: Partial<VolumeOptions> = {}): Promise<TreeVolume> {
    return createVolume({ ...this.options, store: this.store, ...options })
  }

  /** Opens what the store's newest head names, with an empty cache. */
  reopen(options: Partial<VolumeOptions> = {}): Promise<TreeVolume> {
    const [head = null] = this.store.heads()
    return openVolume({ ...this.options, store: this.store, head, ...options })
  }

  async file(
    content: string | Uint8Array,
    { chunkLog2 = 20, time = [0, 0] }: { chunkLog2?: 16 | 20; time?: Time } = {},
  ): Promise<FileEntry> {
    const writer = createFileWriter({ store: this.store, crypto: this.crypto, mode: 0o644, time, chunkLog2 })
    await writer.write(typeof content === 'string' ? utf8(content) : content)
    return writer.close()
  }

  async put(volume: Volume, path: string, content: string | Uint8Array, options?: { chunkLog2?: 16 | 20 }): Promise<void> {
    const slash = path.lastIndexOf('/')
    const writing = this.store.beginWriting()
    try {
      const entry = await this.file(content, options)
      await volume.edit((edit) => edit.putEntries(path.slice(0, slash) || '/', [{ name: path.slice(slash + 1), entry }]))
    } finally {
      writing.end()
    }
  }
}

export function symlink(to: string): SymlinkEntry {
  return { m: 0o777, t: 'l', mt: [0, 0], to }
}
