import type { TextStream } from './text-stream.ts'

export interface ShellResult {
  code: number
  output: string
}

const ASK_AGAIN_MS = 5_000

/** The name of the virtio port; the unit of the image's test variant waits for it. */
export const SHELL_PORT = 'org.holt.test-shell'

/**
 * A root shell in the guest, over a virtio port. The image has none of it: only its test variant opens a shell on that port.
 *
 * One command runs at a time. Each is sent encoded, so that any text will do, and its end is known by a number nobody else writes.
 */
export class GuestShell {
  readonly #stream: TextStream
  #turn: Promise<unknown> = Promise.resolve()
  #count = 0

  constructor(stream: TextStream) {
    this.#stream = stream
  }

  /** Waits until a shell answers, as after each boot. Asks again and again: what was written to one that is going away is lost. */
  async ready({ limitMs = 120_000 } = {}): Promise<void> {
    const mark = this.#newMark()
    const ask = (): void => this.#stream.write(`\nprintf '%s-%s\\n' ${mark} here\n`)
    const asking = setInterval(ask, ASK_AGAIN_MS)
    try {
      ask()
      await this.#stream.expect(`${mark}-here\n`, { limitMs })
    } finally {
      clearInterval(asking)
    }
  }

  /** Begins a command that ends this shell, as a restart does: what it says may never come. */
  begin(command: string): void {
    this.#stream.write(`${this.#encoded(command, '>/dev/null 2>&1')} &\n`)
  }

  /** @returns exit code, and what the command wrote to stdout and stderr. @throws when it takes too long. */
  async tryRun(command: string, { limitMs = 60_000 } = {}): Promise<ShellResult> {
    const result = this.#turn.then(() => this.#send(command, limitMs))
    this.#turn = result.catch(() => {})
    return await result
  }

  /** @returns what the command wrote, without the last line's end. @throws with it when the command fails. */
  async run(command: string, options: { limitMs?: number } = {}): Promise<string> {
    const { code, output } = await this.tryRun(command, options)
    if (code !== 0) throw new Error(`in the guest, ${command} ended with ${code}:\n${output}`)
    return output.replace(/\n$/, '')
  }

  async #send(command: string, limitMs: number): Promise<ShellResult> {
    const mark = this.#newMark()
    const say = (word: string, more = ''): string => `printf '\\n%s-%s${more === '' ? '' : ' %d'}\\n' ${mark} ${word} ${more}`
    this.#stream.write(`${say('begin')}; ${this.#encoded(command, '2>&1')}; ${say('end', '$?')}\n`)
    await this.#stream.expect(`${mark}-begin\n`, { limitMs })
    const { match, before } = await this.#stream.expect(new RegExp(`\\n${mark}-end (\\d+)\\n`), { limitMs })
    return { code: Number(match[1]), output: Buffer.from(before, 'latin1').toString() }
  }

  /** In a shell of its own, and so that any text will do. */
  #encoded(command: string, output: string): string {
    return `( eval "$(echo ${Buffer.from(command).toString('base64')} | base64 -d)" ) </dev/null ${output}`
  }

  #newMark(): string {
    this.#count++
    return `mark-${process.pid}-${this.#count}-${Math.random().toString(36).slice(2)}`
  }
}
