import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Control, MethodName, Params, Result } from '@holt/control/schema.ts'
import { openNodejsPlatform } from '@holt/platform-nodejs/open-platform.ts'
import { createNode, type HoltNode } from './node.ts'
import type { NodePlatform } from './platform.ts'

/** For tests: a folder in which nodes live and die. */
export class NodeWorld {
  readonly folder: string
  readonly messages: string[] = []
  #close: (() => Promise<void>) | null = null

  constructor(t: TestContext) {
    this.folder = mkdtempSync(join(tmpdir(), 'holt-node-'))
    t.after(async () => {
      await this.stop()
      rmSync(this.folder, { recursive: true, force: true })
    })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Starts a node on `data` (again). */
  async start(data = 'data', { nowMs, more }: { nowMs?: () => number; more?: Partial<NodePlatform> } = {}): Promise<HoltNode> {
    await this.stop()
    const platform = await openNodejsPlatform({
      dataFolder: this.path(data),
      log: (level, text) => this.messages.push(`${level}: ${text}`),
      workers: 1,
    })
    const node = await createNode({ ...platform, ...(nowMs === undefined ? {} : { now: nowMs }), ...more })
    this.#close = async () => {
      await node.close()
      await platform.close()
    }
    return node
  }

  async stop(): Promise<void> {
    const close = this.#close
    this.#close = null
    await close?.()
  }
}

export function caller(control: Control) {
  return <Name extends MethodName>(name: Name, params: Params<Name>): Promise<Result<Name>> => control.call(name, params)
}

export async function* bodyOf(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part
}

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const bytes of body) parts.push(bytes.slice())
  return Buffer.concat(parts).toString('utf8')
}
