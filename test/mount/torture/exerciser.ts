import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from '../../peers/harness.ts'

export interface ExerciserOptions {
  program: string
  folder: string
  seed: number
  rate: number
  seconds: number
  /** Goes on in the folder when that went away and came back. */
  mayEnd: boolean
}

/** One process that does random things in a folder, beside a model of what must be there. */
export class Exerciser {
  readonly seed: number
  readonly #child: ChildProcess
  readonly #exit: Promise<unknown>
  #rest = ''
  /** All it said that is no progress. */
  said = ''
  operations = 0
  bytes = 0
  isLost = false

  constructor({ program, folder, seed, rate, seconds, mayEnd }: ExerciserOptions) {
    this.seed = seed
    const words = { folder, seed, rate, seconds, 'may-end': mayEnd ? 'yes' : 'no' }
    const args = Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)])
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    this.#exit = once(child, 'exit')
    child.stdin.on('error', () => {})
    child.stdout.on('data', (bytes: Buffer) => this.#heard(bytes.toString()))
  }

  #heard(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() as string
    for (const line of lines) {
      const [word, operations, bytes] = line.split(' ')
      if (word === 'at') [this.operations, this.bytes] = [Number(operations), Number(bytes)]
      else if (line === 'lost') this.isLost = true
      else this.said += `${line}\n`
    }
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  get exitCode(): number | null {
    return this.#child.exitCode
  }

  /** The folder that it was in is gone; it holds nothing of it any more. */
  async lost(): Promise<void> {
    await until(`the exerciser of seed ${this.seed} to see that the folder is gone`, async () => this.isLost || this.isOver)
  }

  goOn(): void {
    this.isLost = false
    this.#child.stdin?.write('again\n')
  }

  /** It looks at everything once more, and ends. */
  async finished(): Promise<void> {
    if (!this.isOver) this.#child.kill('SIGTERM')
    await this.#exit
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
