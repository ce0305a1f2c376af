import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { AdminOptions } from '../options.ts'
import { type Admin, createAdmin } from '../server/create-admin.ts'
import { MemoryNode } from './memory-node.ts'

export const PASSWORD = 'a wood with otters'
export const CHEAP = { cost: 1024, blockSize: 8, parallelization: 1 }

/** The page's server over a node in memory, with its own folder and a clock that the test moves. */
export class TestAdmin {
  readonly node: MemoryNode
  readonly folder: string
  readonly codes: string[] = []
  readonly logged: string[] = []
  nowMs = Date.parse('2026-01-02T03:04:05Z')
  admin!: Admin

  private constructor(folder: string, node: MemoryNode) {
    this.folder = folder
    this.node = node
  }

  static async start(options: { node?: MemoryNode; folder?: string; with?: Partial<AdminOptions> } = {}): Promise<TestAdmin> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'holt-admin-')))
    const uiFolder = join(folder, 'ui')
    await mkdir(join(uiFolder, 'assets'), { recursive: true })
    await writeFile(join(uiFolder, 'index.html'), '<!doctype html><title>Holt</title>')
    await writeFile(join(uiFolder, 'assets', 'main-1234.js'), 'export {}')
    const test = new TestAdmin(folder, options.node ?? new MemoryNode())
    const log = (text: string): void => void test.logged.push(text)
    test.admin = await createAdmin(
      {
        control: test.node,
        files: test.node,
        shared: test.node.shared,
        dataFolder: folder,
        listen: { host: '127.0.0.1', port: 0 },
        uiFolder,
        log: { info: log, warn: log, error: log },
        onSetupCode: (code) => {
          if (code !== null) test.codes.push(code)
        },
        ...options.with,
      },
      { passwordCost: CHEAP, now: () => test.nowMs },
    )
    return test
  }

  /** Set up and signed in. */
  static async ready(node = new MemoryNode(), options: Partial<AdminOptions> = {}): Promise<{ admin: TestAdmin; browser: TestBrowser }> {
    const admin = await TestAdmin.start({ node, with: options })
    const browser = admin.browser()
    browser.headers['x-holt-setup-code'] = admin.code
    await browser.post('/api/setup/password', { password: PASSWORD })
    await browser.post('/api/setup/key')
    const { positions } = (await browser.get('/api/setup/key/question')).json() as { positions: number[] }
    const words = (await node.call('key.words', {})).words.split(' ')
    await browser.post('/api/setup/key/confirm', { answers: positions.map((position) => words[position - 1]) })
    const finished = await browser.post('/api/setup/finish')
    if (finished.statusCode !== 204) throw new Error(`set-up failed: ${finished.body}`)
    delete browser.headers['x-holt-setup-code']
    return { admin, browser }
  }

  get code(): string {
    return this.codes.at(-1) ?? ''
  }

  browser(remoteAddress = '127.0.0.1'): TestBrowser {
    return new TestBrowser(this, remoteAddress)
  }

  async close(): Promise<void> {
    await this.admin.app.close()
    // What is written beside an answer may still be on its way.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Keeps cookies and sends the headers a browser sends for a script of the page. */
export class TestBrowser {
  readonly cookies = new Map<string, string>()
  readonly headers: Record<string, string> = {
    host: '127.0.0.1:4658',
    'sec-fetch-site': 'same-origin',
    origin: 'http://127.0.0.1:4658',
    'x-holt': '1',
  }
  readonly #admin: TestAdmin
  readonly #remoteAddress: string

  constructor(admin: TestAdmin, remoteAddress: string) {
    this.#admin = admin
    this.#remoteAddress = remoteAddress
  }

  async send(options: InjectOptions): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...this.headers, ...(cookie === '' ? {} : { cookie }), ...options.headers }
    const response = await this.#admin.admin.app.inject({ remoteAddress: this.#remoteAddress, ...options, headers })
    for (const { name, value } of response.cookies) {
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }

  get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.send({ method: 'GET', url, headers })
  }

  post(url: string, body?: unknown): Promise<LightMyRequestResponse> {
    return this.send({
      method: 'POST',
      url,
      ...(body === undefined ? {} : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  }

  put(path: string, payload: string | Buffer, headers: Record<string, string> = {}, query = ''): Promise<LightMyRequestResponse> {
    return this.send({
      method: 'PUT',
      url: `/api/files/content?path=${encodeURIComponent(path)}${query}`,
      payload,
      headers: { 'content-type': 'application/octet-stream', ...headers },
    })
  }
}
