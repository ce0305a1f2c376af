import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { type Cid, cidCodec, cidOf, cidToText } from '@holt/core/cid.ts'
import { errorFromJson, HoltError, type HoltErrorJson, holtErrorCodes } from '@holt/core/errors.ts'
import type { BlockStore } from '@holt/store/types.ts'

interface RemoteOptions {
  /** Of the share. */
  id: Uint8Array
  /** Of the page's own API, ends with '/'. */
  address: string
  fetch?: typeof globalThis.fetch
}

/** The blocks of one share, from the node that serves it. It is believed nothing: each block is checked against its name. */
export class RemoteBlocks implements BlockStore {
  readonly #url: string
  readonly #fetch: typeof globalThis.fetch

  constructor({ id, address, fetch = (...request) => globalThis.fetch(...request) }: RemoteOptions) {
    this.#url = `${address}api/shared/${toHex(id)}`
    this.#fetch = fetch
  }

  /** What is shared, sealed. @throws HoltError NOT_FOUND, CAP_EXPIRED; NODE_NOT_RUNNING when nothing answers. */
  document(): Promise<Uint8Array> {
    return this.#ask(this.#url)
  }

  async get(cid: Cid, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const sealed = await this.#ask(`${this.#url}/blocks/${cidToText(cid)}`, signal)
    if (!equalBytes(cidOf(sealed, cidCodec(cid)), cid)) throw new HoltError('BLOCK_CORRUPT', 'the node answered with other bytes')
    return sealed
  }

  async #ask(url: string, signal?: AbortSignal): Promise<Uint8Array> {
    try {
      const response = await this.#fetch(url, { signal: signal ?? null })
      if (response.ok) return new Uint8Array(await response.arrayBuffer())
      throw refusalOf(response.status, await response.text())
    } catch (error) {
      if (error instanceof HoltError) throw error
      if (signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
      throw new HoltError('NODE_NOT_RUNNING', 'the node does not answer', {}, { cause: error })
    }
  }

  put(): Promise<never> {
    return readOnly()
  }
  append(): Promise<never> {
    return readOnly()
  }
  commit(): Promise<never> {
    return readOnly()
  }
  async place(): Promise<null> {
    return null
  }
  heads(): Uint8Array[] {
    return []
  }
  beginWriting(): { end(): void } {
    throw new HoltError('NOT_AUTHORIZED', 'a share link is for reading')
  }
}

async function readOnly(): Promise<never> {
  throw new HoltError('NOT_AUTHORIZED', 'a share link is for reading')
}

function refusalOf(status: number, text: string): HoltError {
  try {
    const json = JSON.parse(text) as HoltErrorJson
    if ((holtErrorCodes as readonly string[]).includes(json.code)) return errorFromJson({ ...json, data: json.data ?? {} })
  } catch {
    // not an answer of a node
  }
  return new HoltError('IO_FAILED', `the node answered ${status}`, { status })
}
