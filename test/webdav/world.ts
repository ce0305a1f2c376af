import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { afterwards, distFolder, freePort, type ProcessResult, run, temporaryFolder, TestNode } from '../peers/harness.ts'

/** A node that serves WebDAV on the loopback interface, and programs that come by it. */
export class DavWorld {
  readonly node: TestNode
  readonly url: string
  /** For what programs keep. */
  readonly below: string

  constructor(node: TestNode, url: string, below: string) {
    this.node = node
    this.url = url
    this.below = below
  }

  holt(...words: readonly string[]): Promise<ProcessResult> {
    return run(process.execPath, [join(distFolder, 'cli.mjs'), ...words, '--data', this.node.dataFolder])
  }

  /** An app password, as its owner makes one. */
  async password(...words: readonly string[]): Promise<string> {
    return (await this.ok('webdav', 'add', 'a program', ...words, '--quiet')).trim()
  }

  /** @throws with what it said unless it ends with 0. */
  async ok(...words: readonly string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await this.holt(...words)
    if (exitCode !== 0) throw new Error(`holt ${words.join(' ')} ended with ${String(exitCode)}: ${stderr}\n${this.node.log}`)
    return stdout
  }

  place(name: string): string {
    return join(this.below, name)
  }

  async request(
    method: string,
    path: string,
    { password, headers = {}, body }: { password?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Response> {
    const authorization: Record<string, string> = password === undefined ? {} : { authorization: basic(password) }
    return fetch(new URL(path.replace(/^\//, ''), this.url), {
      method,
      headers: { ...authorization, ...headers },
      body,
      redirect: 'manual',
    })
  }
}

export const lockBody =
  '<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner>me</D:owner></D:lockinfo>'

export function basic(password: string, name = 'anybody'): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}

/** Everything is gone when the test is over. */
export async function davWorld(context: TestContext): Promise<DavWorld> {
  const below = await temporaryFolder(context)
  const port = await freePort()
  const node = new TestNode(join(below, 'data'), { page: true, port })
  afterwards(context, () => node.kill())
  await node.start()
  await node.call('node.init', {})
  return new DavWorld(node, `http://127.0.0.1:${port}/dav/`, below)
}
