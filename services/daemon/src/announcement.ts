import { rename, writeFile } from 'node:fs/promises'

/** What a screen on the box shows: read by programs other than the node, so the words stay. */
export interface Announced {
  page: string | null
  /** null once there is a password. */
  code: string | null
  /** Fingerprint (SHA-256) of the authority for HTTPS, to compare with what a device shows. */
  authority: string | null
  state: string
}

/**
 * Keeps a file true that says where the page is and which code it asks for; only the node's user and group read it.
 * Failing to write it is told and hinders nothing else.
 */
export class Announcement {
  readonly #file: string | null
  readonly #warn: (text: string) => void
  #now: Announced = { page: null, code: null, authority: null, state: 'starting' }
  #written: Promise<void> = Promise.resolve()

  constructor(file: string | null, warn: (text: string) => void) {
    this.#file = file
    this.#warn = warn
  }

  /** Resolves when the file says it. */
  publish(change: Partial<Announced>): Promise<void> {
    this.#now = { ...this.#now, ...change }
    this.#written = this.#written.then(() => this.#write())
    return this.#written
  }

  async #write(): Promise<void> {
    if (this.#file === null) return
    try {
      await writeFile(`${this.#file}.new`, `${JSON.stringify(this.#now)}\n`, { mode: 0o640 })
      await rename(`${this.#file}.new`, this.#file)
    } catch (error) {
      this.#warn(`cannot write ${this.#file}: ${(error as Error).message}`)
    }
  }
}
