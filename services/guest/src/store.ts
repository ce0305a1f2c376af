/** The program's own store: whatever JSON can say, by key. All of it is in memory; what a delivery changed is kept when it is done, or nothing of it. */
export interface Store {
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): boolean
  /** In order. */
  keys(prefix?: string): string[]
  getBytes(key: string): Uint8Array | undefined
  setBytes(key: string, value: Uint8Array): void
}

export const store: Store = {
  get(key) {
    const value = holt.store.get(key)
    return value === undefined ? undefined : (JSON.parse(new TextDecoder().decode(value)) as unknown)
  },
  set(key, value) {
    const json = JSON.stringify(value) as string | undefined
    if (json === undefined) throw new TypeError(`what '${key}' should be set to cannot be kept`)
    holt.store.set(key, new TextEncoder().encode(json))
  },
  delete: (key) => holt.store.delete(key),
  keys: (prefix) => holt.store.keys(prefix),
  getBytes: (key) => holt.store.get(key),
  setBytes: (key, value) => holt.store.set(key, value),
}
