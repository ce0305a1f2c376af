/** Where an answer lies for a thread that stands still until it comes: a little shared memory, filled as often as an answer needs. */
export const MAILBOX_BYTES = 128 * 1024

const HEADER_BYTES = 16
/** Places in the header. */
const STATE = 0
const TOTAL = 1
const PART = 2
const OK = 3
const EMPTY = 0
const FULL = 1

export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + MAILBOX_BYTES)
}

/**
 * Waits for one answer, on the thread that asked.
 *
 * @param asked sends the question; called when the mailbox is empty.
 * @param more asks for the rest of a long answer.
 */
export function waitForAnswer(mailbox: SharedArrayBuffer, asked: () => void, more: () => void): { ok: boolean; bytes: Uint8Array } {
  const header = new Int32Array(mailbox, 0, HEADER_BYTES / 4)
  const content = new Uint8Array(mailbox, HEADER_BYTES)
  Atomics.store(header, STATE, EMPTY)
  asked()
  Atomics.wait(header, STATE, EMPTY)
  const bytes = new Uint8Array(header[TOTAL] as number)
  for (let at = 0; ; ) {
    const length = header[PART] as number
    bytes.set(content.subarray(0, length), at)
    at += length
    if (at >= bytes.length) return { ok: header[OK] === 1, bytes }
    Atomics.store(header, STATE, EMPTY)
    more()
    Atomics.wait(header, STATE, EMPTY)
  }
}

/** Puts answers into a mailbox, part by part; on the thread that answers. */
export class MailboxWriter {
  readonly #header: Int32Array
  readonly #content: Uint8Array
  #rest: Uint8Array = new Uint8Array()
  #total = 0
  #ok = true

  constructor(mailbox: SharedArrayBuffer) {
    this.#header = new Int32Array(mailbox, 0, HEADER_BYTES / 4)
    this.#content = new Uint8Array(mailbox, HEADER_BYTES)
  }

  answer(ok: boolean, bytes: Uint8Array): void {
    this.#ok = ok
    this.#total = bytes.length
    this.#rest = bytes
    this.more()
  }

  more(): void {
    const part = this.#rest.subarray(0, MAILBOX_BYTES)
    this.#rest = this.#rest.subarray(part.length)
    this.#content.set(part)
    this.#header[TOTAL] = this.#total
    this.#header[PART] = part.length
    this.#header[OK] = this.#ok ? 1 : 0
    Atomics.store(this.#header, STATE, FULL)
    Atomics.notify(this.#header, STATE)
  }
}
