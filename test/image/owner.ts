import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LabHost } from './machine/lab.ts'

const PASSWORD = 'a password for the tests'

interface Answer {
  status: number
  body: string
}

/** A person at the page, in a browser that keeps its cookies in a file; with curl, on a computer of the lab. */
export class Owner {
  readonly #host: LabHost
  readonly origin: string
  /** The file of the cookies. */
  readonly cookies: string
  readonly #common: readonly string[]

  constructor(host: LabHost, origin: string, cookies: string) {
    this.#host = host
    this.origin = origin
    this.cookies = cookies
    this.#common = ['-b', cookies, '-c', cookies, '-H', 'x-holt: 1', '-H', `origin: ${origin}`]
  }

  /** The whole wizard. @returns the 24 words. */
  async setUp(code: string): Promise<string> {
    await this.#must('POST', '/api/setup/password', { password: PASSWORD }, ['-H', `x-holt-setup-code: ${code}`])
    const { words } = (await this.#must('POST', '/api/setup/key', {})) as { words: string }
    const { positions } = (await this.#must('GET', '/api/setup/key/question')) as { positions: number[] }
    await this.#must('POST', '/api/setup/key/confirm', { answers: positions.map((position) => words.split(' ')[position - 1]) })
    await this.#must('POST', '/api/setup/finish', {})
    return words
  }

  /** Whether the page lets the owner in with the password, as from a browser it has never seen. */
  async signIn(password = PASSWORD): Promise<Answer> {
    return await this.#ask('POST', '/api/session', { password })
  }

  async isSignedIn(): Promise<boolean> {
    const { body } = await this.#ask('GET', '/api/session')
    return body.includes('"signed-in"')
  }

  /** Puts a local file into the tree. @returns whether the node acknowledged it. */
  async put(path: string, file: string, { limitMs = 60_000 } = {}): Promise<boolean> {
    const options = ['-T', file, '-H', 'content-type: application/octet-stream', ...this.#common]
    const { status } = await this.#host.get(this.#contentAt(path), { limitMs, options })
    return status === 201
  }

  /** @returns the SHA-256 of a file's bytes as the page gives them; null when it does not. */
  async hashOf(path: string, { limitMs = 60_000 } = {}): Promise<string | null> {
    const script = 'set -o pipefail; curl -sS -f -m "$1" -b "$2" "$3" | sha256sum'
    const command = ['bash', '-c', script, 'bash', String(limitMs / 1000), this.cookies, this.#contentAt(path)]
    const { code, output } = await this.#host.tryRun(command, { limitMs: limitMs + 10_000 })
    return code === 0 ? (output.match(/[0-9a-f]{64}/)?.[0] ?? null) : null
  }

  /** The same of many files, over one connection; a file that the page does not give is not in the answer. */
  async hashesOf(paths: readonly string[], { limitMs = 300_000 } = {}): Promise<Map<string, string>> {
    const folder = await mkdtemp(join(dirname(this.cookies), 'got-'))
    const request = (path: string, i: number): string[] => {
      const options = ['-sS', '-f', '-b', this.cookies, '-o', join(folder, String(i)), this.#contentAt(path)]
      return i === 0 ? options : ['--next', ...options]
    }
    try {
      if (paths.length > 0) await this.#host.tryRun(['curl', ...paths.flatMap(request)], { limitMs })
      const hashes = new Map<string, string>()
      for (const [i, path] of paths.entries()) {
        const bytes = await readFile(join(folder, String(i))).catch(() => null)
        if (bytes !== null) hashes.set(path, sha256(bytes))
      }
      return hashes
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  /** The names in a directory. */
  async list(path: string): Promise<string[]> {
    const { entries } = (await this.#must('GET', `/api/files?path=${encodeURIComponent(path)}`)) as { entries: { name: string }[] }
    return entries.map(({ name }) => name)
  }

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return await this.#ask(method, path, body)
  }

  async #must(method: string, path: string, body?: unknown, options: readonly string[] = []): Promise<unknown> {
    const answer = await this.#ask(method, path, body, options)
    if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
    return answer.body === '' ? null : JSON.parse(answer.body)
  }

  async #ask(method: string, path: string, body?: unknown, options: readonly string[] = []): Promise<Answer> {
    const content = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)]
    // a password takes an emulated processor a hundred times what it takes a real one, by intent
    const how = { limitMs: 180_000, options: ['-X', method, ...this.#common, ...content, ...options] }
    return await this.#host.get(`${this.origin}${path}`, how)
  }

  #contentAt(path: string): string {
    return `${this.origin}/api/files/content?path=${encodeURIComponent(path)}`
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
