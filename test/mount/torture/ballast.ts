import { createCipheriv, createHash } from 'node:crypto'
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../peers/harness.ts'

const FILES = 5
const FILE_MIB = 40

/** Files that nobody changes, so that packs are full and lie on the drives in fragments; the damage is done to these. */
export class Ballast {
  readonly #folder: string
  readonly #hashes: string[] = []

  constructor(folder: string) {
    this.#folder = join(folder, 'ballast')
  }

  async write(): Promise<void> {
    await mkdir(this.#folder)
    for (let number = 0; number < FILES; number++) {
      const hash = createHash('sha256')
      const bytes = createCipheriv('aes-128-ctr', Buffer.alloc(16, number), Buffer.alloc(16))
      const file = await open(this.#path(number), 'wx')
      for (let i = 0; i < FILE_MIB; i++) {
        const piece = bytes.update(Buffer.alloc(1 << 20))
        hash.update(piece)
        await file.write(piece)
      }
      await file.sync()
      await file.close()
      this.#hashes.push(hash.digest('hex'))
    }
  }

  #path(number: number): string {
    return join(this.#folder, `ballast ${number}`)
  }

  /** Past the kernel's cache. @returns what is wrong, null when nothing is. */
  async problem(number: number): Promise<string | null> {
    const path = this.#path(number % FILES)
    const { stdout, stderr } = await run('sh', ['-c', 'dd if="$0" iflag=direct bs=1M status=none | sha256sum', path])
    return stdout.startsWith(this.#hashes[number % FILES] as string) && stderr === '' ? null : `${path} is another one: ${stdout}${stderr}`
  }

  /** All of it. */
  async problems(): Promise<string[]> {
    const names = await readdir(this.#folder)
    const found = names.length === FILES ? [] : [`ballast: ${names.join(', ')}`]
    for (let number = 0; number < FILES; number++) {
      const problem = await this.problem(number)
      if (problem !== null) found.push(problem)
    }
    return found
  }
}
