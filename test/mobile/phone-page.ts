import assert from 'node:assert/strict'
import type { PhoneNode } from './phone-node.ts'

/** The page in the app: asks as its WebView does, and keeps its cookies. */
export class PhonePage {
  readonly #node: PhoneNode
  readonly #cookies = new Map<string, string>()
  readonly headers: Record<string, string> = { 'x-holt': '1' }

  constructor(node: PhoneNode) {
    this.#node = node
  }

  async ask(method: string, path: string, body?: object | Uint8Array): Promise<Response> {
    const isBytes = body instanceof Uint8Array
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`)
    const answer = await this.#node.fetch(path, {
      method,
      cookies,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBytes ? body.slice() : JSON.stringify(body) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
    return answer
  }

  /** @returns the answer, which has to be a good one. */
  async must(method: string, path: string, body?: object | Uint8Array): Promise<Response> {
    const answer = await this.ask(method, path, body)
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`)
    return answer
  }

  forget(): void {
    this.#cookies.clear()
  }

  /** The wizard, with a new root key. */
  async setUp(password: string): Promise<void> {
    const { setupCode } = this.#node.ready ?? {}
    this.headers['x-holt-setup-code'] = setupCode ?? ''
    await this.must('POST', '/api/setup/password', { password })
    const { words } = (await (await this.must('POST', '/api/setup/key')).json()) as { words: string }
    const { positions } = (await (await this.must('GET', '/api/setup/key/question')).json()) as { positions: number[] }
    await this.must('POST', '/api/setup/key/confirm', { answers: positions.map((position) => words.split(' ')[position - 1]) })
    await this.must('POST', '/api/setup/finish')
    delete this.headers['x-holt-setup-code']
  }
}
