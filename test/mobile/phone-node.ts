import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { join } from 'node:path'
import type { ControlClient } from '@holt/control/control-client.ts'
import { connectControl } from '@holt/control/node/socket.ts'
import type { CallOptions, Control, MethodName, Params, Result } from '@holt/control/schema.ts'
import { START_COOKIE } from '@holt/admin/server/start-token.ts'
import type { FromApp, Question, ToApp } from '@holt/mobile/bridge.ts'
import type { PhoneConditions } from '@holt/node/photos/phone-media.ts'
import type { StartOptions } from '@holt/mobile/start-options.ts'
import { bundleFolder, type Runtime, repositoryRoot } from './runtimes.ts'

type Of<Kind extends ToApp['kind']> = Extract<ToApp, { kind: Kind }>

interface PhoneRequest extends RequestInit {
  token?: string
  cookies?: readonly string[]
  headers?: Record<string, string>
}

/** What the app answers; content as a Uint8Array. A thrown error with a code is told as such. */
export type Answering = (question: Question) => Promise<unknown>

/** The arm64 one is emulated, on a machine that may be busy. */
const LIMIT_MS = 180_000

/** The app's node as a process of its own; this is the app, at the other end of its line. */
export class PhoneNode implements Control {
  readonly dataFolder: string
  readonly #runtime: Runtime
  readonly #options: Partial<StartOptions>
  #child: ChildProcess | null = null
  #client: ControlClient | null = null
  #waiting: { kind: ToApp['kind']; resolve: (message: ToApp) => void }[] = []
  readonly messages: ToApp[] = []
  /** What the app answers, where it is asked anything. */
  answer: Answering = async ({ what }) => {
    throw Object.assign(new Error(`nobody answers ${what}`), { code: 'INTERNAL' })
  }
  conditions: PhoneConditions = { charging: true, wifi: true, metered: false }
  ready: Of<'ready'> | null = null
  log = ''

  constructor(runtime: Runtime, dataFolder: string, options: Partial<StartOptions> = {}) {
    this.#runtime = runtime
    this.dataFolder = dataFolder
    this.#options = { peerPort: null, reserveBytes: 0, ...options }
  }

  /** @throws with its log when it ends instead. */
  async start(): Promise<Of<'ready'>> {
    const { command, args, env } = this.#runtime
    const options: Partial<StartOptions> = {
      dataFolder: this.dataFolder,
      uiFolder: join(repositoryRoot, 'dist/ui'),
      bridge: 3,
      ...this.#options,
    }
    const child = spawn(command, [...args, join(bundleFolder, 'holt.cjs'), JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    this.#child = child
    child.stderr?.on('data', (bytes: Buffer) => {
      this.log += bytes.toString()
    })
    this.#listen(child.stdio[3] as Duplex)
    // a phone on its charger at home; what a test tells later counts
    this.send({ kind: 'conditions', ...this.conditions })
    this.ready = await Promise.race([this.next('ready'), this.#endOf(child)])
    this.#client = await connectControl(this.dataFolder)
    return this.ready
  }

  #listen(line: Duplex): void {
    let rest = ''
    line.setEncoding('utf8')
    line.on('error', () => {})
    line.on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const one of lines) this.#take(JSON.parse(one) as ToApp)
    })
  }

  #take(message: ToApp): void {
    if (message.kind === 'ask') return void this.#answered(message)
    this.messages.push(message)
    const waiting = this.#waiting.filter(({ kind }) => kind === message.kind)
    this.#waiting = this.#waiting.filter(({ kind }) => kind !== message.kind)
    for (const { resolve } of waiting) resolve(message)
  }

  async #answered(asked: Of<'ask'>): Promise<void> {
    const line = this.#child?.stdio[3] as Duplex
    const send = (fields: object, content: Uint8Array = new Uint8Array(0)): void => {
      // whoever was killed meanwhile does not read it
      if (line.destroyed) return
      line.write(`${JSON.stringify({ kind: 'answer', number: asked.number, ...fields })}\n`)
      if (content.length > 0) line.write(content)
    }
    try {
      const answer = await this.answer(asked)
      if (answer instanceof Uint8Array) send({ bytes: answer.length }, answer)
      else send({ value: answer })
    } catch (error) {
      const { code = 'INTERNAL', message } = error as Error & { code?: string }
      send({ code, message })
    }
  }

  async #endOf(child: ChildProcess): Promise<never> {
    await once(child, 'exit', { signal: AbortSignal.timeout(LIMIT_MS) })
    throw new Error(`the node ended with ${child.exitCode ?? child.signalCode}:\n${this.log}\n${JSON.stringify(this.messages)}`)
  }

  /** The next message of a kind. */
  next<Kind extends ToApp['kind']>(kind: Kind): Promise<Of<Kind>> {
    return new Promise((resolve) => this.#waiting.push({ kind, resolve: (message) => resolve(message as Of<Kind>) }))
  }

  send(message: FromApp): void {
    const line = this.#child?.stdio[3] as Duplex | undefined
    line?.write(`${JSON.stringify(message)}\n`)
  }

  call<Name extends MethodName>(name: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>> {
    if (this.#client === null) throw new Error('the node is not started')
    return this.#client.call(name, params, options)
  }

  /** As the app's WebView asks. */
  fetch(path: string, { token = this.ready?.token ?? '', cookies = [], ...init }: PhoneRequest = {}): Promise<Response> {
    const cookie = [`${START_COOKIE}=${token}`, ...cookies].join('; ')
    return fetch(new URL(path, this.ready?.url), { ...init, headers: { ...init.headers, cookie } })
  }

  get pid(): number {
    return this.#child?.pid as number
  }

  /** As the app ends it. @returns its exit code. */
  async stop(): Promise<number | null> {
    return await this.#end(() => this.send({ kind: 'stop' }))
  }

  /** As a system short of memory ends it. */
  async kill(): Promise<void> {
    await this.#end((child) => child.kill('SIGKILL'))
  }

  /** As when the app's own end of the line is gone. */
  async hangUp(): Promise<number | null> {
    return await this.#end((child) => (child.stdio[3] as Duplex).destroy())
  }

  async #end(how: (child: ChildProcess) => void): Promise<number | null> {
    const child = this.#child
    if (child === null) return null
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit', { signal: AbortSignal.timeout(LIMIT_MS) })
      how(child)
      await ended.catch(() => child.kill('SIGKILL'))
    }
    this.#client?.close()
    this.#client = null
    this.#child = null
    return child.exitCode
  }
}
