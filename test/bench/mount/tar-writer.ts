import { open } from 'node:fs/promises'

const BLOCK_BYTES = 512
const GATHERED_BYTES = 4 << 20
const TIME_SECONDS = 1_700_000_000

/** A tar archive (ustar) of files whose contents and times are the same at every run. */
export class TarWriter {
  readonly #parts: Buffer[] = []
  #gatheredBytes = 0
  readonly #take: (bytes: Buffer) => Promise<unknown>

  constructor(take: (bytes: Buffer) => Promise<unknown>) {
    this.#take = take
  }

  /** @param name at most 100 bytes. */
  async add(name: string, content: Buffer): Promise<void> {
    this.#parts.push(header(name, content.length), content, Buffer.alloc(-content.length & (BLOCK_BYTES - 1)))
    this.#gatheredBytes += content.length
    if (this.#gatheredBytes > GATHERED_BYTES) await this.#flush()
  }

  async #flush(): Promise<void> {
    await this.#take(Buffer.concat(this.#parts))
    this.#parts.length = 0
    this.#gatheredBytes = 0
  }

  async end(): Promise<void> {
    this.#parts.push(Buffer.alloc(2 * BLOCK_BYTES))
    await this.#flush()
  }
}

function header(name: string, sizeBytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES)
  if (name.length > 100) throw new RangeError(`${name} is too long for a tar archive`)
  const octal = (value: number, at: number, digits: number): void => void block.write(value.toString(8).padStart(digits, '0'), at)
  block.write(name, 0)
  octal(0o644, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(sizeBytes, 124, 11)
  octal(TIME_SECONDS, 136, 11)
  block.write('        0', 148)
  block.write('ustar\x0000', 257)
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  block[154] = 0
  return block
}

export async function writeTar(path: string, fill: (tar: TarWriter) => Promise<void>): Promise<void> {
  const file = await open(path, 'w')
  try {
    const tar = new TarWriter((bytes) => file.write(bytes))
    await fill(tar)
    await tar.end()
  } finally {
    await file.close()
  }
}
