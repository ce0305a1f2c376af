import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Runtime } from './runtimes.ts'

/** Who is not root is root in there, of its own namespaces and nothing else. */
const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']

/** A network of its own, in which there is one line: whoever runs in it is reached over that alone, and it can be cut. */
export class PrivateNet {
  readonly #keeper: ChildProcess
  readonly #lines: AsyncIterator<string>
  #dropping: Promise<void> | null = null
  #isOver = false
  drops = 0

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper
    this.#lines = createInterface(keeper.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]()
  }

  static async open(): Promise<PrivateNet> {
    const keeper = spawn('unshare', [...asRoot, '--net', 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(keeper, 'spawn')
    const net = new PrivateNet(keeper)
    await net.#must('ip link set lo up')
    if (readlinkSync(`/proc/${keeper.pid}/ns/net`) === readlinkSync('/proc/self/ns/net')) throw new Error('this is everybody’s network')
    return net
  }

  /** The same program, in this network. */
  within({ name, command, args, env }: Runtime): Runtime {
    const user = asRoot.length > 0 ? ['--user', '--preserve-credentials'] : []
    return { name, command: 'nsenter', args: ['--target', String(this.#keeper.pid), ...user, '--net', command, ...args], env }
  }

  /** From now on the line is cut again and again. */
  drop({ everyMs, forMs }: { everyMs: number; forMs: number }): void {
    const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
    this.#dropping = (async () => {
      while (!this.#isOver) {
        await wait(everyMs)
        await this.#must('ip link set lo down')
        this.drops++
        await wait(forMs)
        await this.#must('ip link set lo up')
      }
    })()
  }

  /** It holds from now on. */
  async mend(): Promise<void> {
    this.#isOver = true
    await this.#dropping
  }

  async close(): Promise<void> {
    await this.mend()
    const ended = once(this.#keeper, 'exit')
    this.#keeper.stdin?.end()
    await ended
  }

  async #must(command: string): Promise<void> {
    this.#keeper.stdin?.write(`${command} && echo done || echo failed\n`)
    const { value } = await this.#lines.next()
    if (value !== 'done') throw new Error(`${command}: ${value ?? 'no network of its own'}`)
  }
}
