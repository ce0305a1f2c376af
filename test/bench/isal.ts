import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type IsalBuild = 'base' | 'sse' | 'avx2' | 'best'

export interface IsalInput {
  /** Coefficients, row by row, of the parity shards. */
  matrix: Uint8Array
  data: readonly Uint8Array[]
  parityCount: number
  secondsPerBuild: number
}

export interface IsalResult {
  /** Best time of one encode. */
  seconds: Record<IsalBuild, number>
  parity: Uint8Array[]
}

/** Intel ISA-L through a small C program (`isal.c`) compiled here and now. */
export class Isal {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** @returns null when gcc or libisal-dev is not installed. */
  static build(): Isal | null {
    const folder = mkdtempSync(join(tmpdir(), 'holt-isal-'))
    const source = fileURLToPath(new URL('isal.c', import.meta.url))
    const result = spawnSync('gcc', ['-O2', '-o', join(folder, 'isal'), source, '-lisal'], { encoding: 'utf8' })
    if (result.status === 0) return new Isal(folder)
    rmSync(folder, { recursive: true })
    return null
  }

  encode({ matrix, data, parityCount, secondsPerBuild }: IsalInput): IsalResult {
    const sizeBytes = (data[0] as Uint8Array).length
    const files = ['matrix', 'data', 'parity'].map((name) => join(this.#folder, name)) as [string, string, string]
    writeFileSync(files[0], matrix)
    writeFileSync(files[1], Buffer.concat(data))
    const numbers = [data.length, parityCount, sizeBytes, secondsPerBuild].map(String)
    const result = spawnSync(join(this.#folder, 'isal'), [...numbers, ...files], { encoding: 'utf8' })
    if (result.status !== 0) throw new Error(`isal failed: ${result.stderr}`)
    const seconds = Object.fromEntries(
      result.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
        .map(([build, time]) => [build, Number(time)]),
    ) as Record<IsalBuild, number>
    const parity = readFileSync(files[2])
    return {
      seconds,
      parity: Array.from({ length: parityCount }, (_, j) => new Uint8Array(parity.subarray(j * sizeBytes, (j + 1) * sizeBytes))),
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true })
  }
}
