import { MemoryDatastore } from 'datastore-core'
import type { Key } from 'interface-datastore/key'

/** Of what others brought. A record has 5 KiB at most. */
const MOST_RECORDS = 2000
const MOST_VALUE_BYTES = 16 << 10
const FROM_OTHERS = '/dht/'

/** Keeps in memory what libp2p keeps; of what others may fill without end the oldest goes. */
export class BoundedDatastore extends MemoryDatastore {
  /** In the order in which they were written last. */
  readonly #fromOthers = new Map<string, Key>()

  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    const name = key.toString()
    if (!name.startsWith(FROM_OTHERS)) return super.put(key, value)
    if (value.length > MOST_VALUE_BYTES) throw new RangeError('a record that large is not kept')
    this.#fromOthers.delete(name)
    this.#fromOthers.set(name, key)
    const [oldest] = this.#fromOthers.size > MOST_RECORDS ? this.#fromOthers.values() : []
    if (oldest) void this.delete(oldest)
    return super.put(key, value)
  }

  override delete(key: Key): void | Promise<void> {
    this.#fromOthers.delete(key.toString())
    return super.delete(key)
  }

  /** How many records of others there are. */
  get records(): number {
    return this.#fromOthers.size
  }
}
