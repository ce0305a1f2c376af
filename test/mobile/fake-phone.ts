import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../peers/harness.ts'
import { repositoryRoot } from './runtimes.ts'

interface Tools {
  bridgeForJvm(): { folder: string; env: Record<string, string> }
}

/** A JVM and a node start, on a machine that may be busy. */
const LIMIT_MS = 180_000

const app = join(repositoryRoot, 'build/mobile/app')

/** The app's own classes on a JVM, with Android's classes faked and the real bridge and libnode.so below them. */
export class FakePhone {
  readonly folder: string
  #child: ChildProcess | null = null
  #seen = 0
  log = ''

  constructor(folder: string) {
    this.folder = folder
  }

  /** One process of the app. @param assets what lies in the APK. */
  async start({ assets = join(app, 'assets'), sdk = 35 } = {}): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    for (const name of ['events', 'commands']) writeFileSync(join(this.folder, name), '')
    this.#seen = 0
    const { bridgeForJvm } = (await import(new URL('../../scripts/mobile/android-node.mjs', import.meta.url).href)) as Tools
    const { folder, env } = bridgeForJvm()
    const args = ['-Xmx64m', `-Dsdk=${sdk}`, `-Djava.library.path=${folder}`, '-cp', join(app, 'test-classes'), 'org.holt.app.FakePhone']
    const child = spawn('java', [...args, this.folder, assets], {
      stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'pipe'],
      env: { ...process.env, ...env, HOLT_LOG_FD: '4' },
    })
    for (const stream of [child.stdout, child.stderr, child.stdio[4]])
      (stream as NodeJS.ReadableStream).on('data', (bytes: Buffer) => {
        this.log += bytes.toString()
      })
    this.#child = child
  }

  tell(command: string): void {
    appendFileSync(join(this.folder, 'commands'), `${command}\n`)
  }

  /** The next line of what happened. @throws with the log when none comes. */
  async next(): Promise<string> {
    return await until('an event', async () => this.#lines()[this.#seen++] ?? (this.#seen--, null), { limitMs: LIMIT_MS }).catch(
      (error: Error) => {
        throw new Error(`${error.message}\n${this.#lines().join('\n')}\n${this.log}`)
      },
    )
  }

  #lines(): string[] {
    return readFileSync(join(this.folder, 'events'), 'utf8').split('\n').slice(0, -1)
  }

  /** @returns its exit code, when it ends of itself. */
  async ended(): Promise<number | null> {
    const child = this.#child
    if (child === null) return null
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit', { signal: AbortSignal.timeout(60_000) })
    return child.exitCode
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.ended()
    this.#child = null
  }
}
