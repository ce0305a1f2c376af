import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** One after the other, each with numbers of its own; fio reads back and compares what it wrote. */
const jobs = [
  ['--rw=randrw', '--bsrange=512-131072', '--bs_unaligned=1', '--ioengine=psync', '--fsync=64'],
  ['--rw=randwrite', '--bs=4k', '--ioengine=mmap', '--fsync=200'],
  ['--rw=randrw', '--bs=4k', '--ioengine=libaio', '--iodepth=8', '--direct=1'],
  ['--rw=write', '--bs=256k', '--ioengine=psync', '--end_fsync=1'],
  ['--rw=randwrite', '--bsrange=4k-64k', '--ioengine=pvsync2', '--fdatasync=16', '--overwrite=1'],
] as const

/** fio with `verify` in a folder, again and again. */
export class FioRuns {
  readonly #folder: string
  readonly #rate: number
  #child: ChildProcess | null = null
  #loop: Promise<void> | null = null
  #isStopped = false
  runs = 0
  failure: string | null = null

  /** @param rate operations a second at most */
  constructor(folder: string, rate: number) {
    this.#folder = join(folder, 'fio')
    this.#rate = rate
  }

  start(): void {
    this.#isStopped = false
    this.#loop = this.#run()
  }

  async #run(): Promise<void> {
    while (!this.#isStopped && this.failure === null) {
      await mkdir(this.#folder, { recursive: true }).catch(() => {})
      const job = jobs[this.runs % jobs.length] as readonly string[]
      const words = [
        '--name=v',
        '--size=12m',
        '--fallocate=none',
        '--verify=crc32c',
        '--verify_fatal=1',
        '--verify_state_save=0',
        '--minimal',
      ]
      const args = [...words, ...job, `--randseed=${this.runs + 1}`, `--rate_iops=${this.#rate}`]
      const child = spawn('fio', args, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] })
      this.#child = child
      let said = ''
      child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4000)))
      const [exitCode] = (await once(child, 'close')) as [number | null]
      if (exitCode === 0) this.runs++
      else if (!this.#isStopped) this.failure = `fio ${args.join(' ')} ended with ${String(exitCode)}:\n${said}`
    }
  }

  /** What it is at is not finished. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#child?.kill('SIGKILL')
    await this.#loop
  }
}
