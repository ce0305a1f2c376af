import type { TestContext } from 'node:test'
import { fromBase64Url, toBase64Url, utf8 } from '@holt/core/bytes.ts'
import { encodeArchive, partsOf } from '@holt/core/package/archive.ts'
import { encodeManifest, type Manifest } from '@holt/core/package/manifest.ts'
import { decodeSignature } from '@holt/core/package/signature.ts'
import { principalFromText } from '@holt/core/principal.ts'
import type { ProgramGrant } from '@holt/control/programs.ts'
import { fetchOut } from '@holt/platform-nodejs/programs/fetch-out.ts'
import { listenPage } from '@holt/platform-nodejs/programs/listen-page.ts'
import { openThreadSandbox } from '@holt/platform-nodejs/sandbox/open-thread-sandbox.ts'
import type { Sandbox } from '@holt/sandbox/types.ts'
import { caller, NodeWorld } from '../node-world.ts'
import type { HoltNode } from '../node.ts'
import type { NodePlatform } from '../platform.ts'

/** What a script of these tests begins with: parcels, and the powers in short. */
const PRELUDE = `
const encoder = new TextEncoder(), decoder = new TextDecoder()
function pack(head, body = new Uint8Array(0)) {
  const json = encoder.encode(JSON.stringify(head)), bytes = new Uint8Array(4 + json.length + body.length)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  bytes.set(body, 4 + json.length)
  return bytes
}
function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return { head: JSON.parse(decoder.decode(bytes.subarray(4, 4 + length))), body: bytes.subarray(4 + length) }
}
const text = (bytes) => decoder.decode(bytes)
const use = async (power, head, body) => unpack(await holt.ask(power, pack(head, body)))
const page = (body, status = 200, headers = []) => pack({ status, headers }, encoder.encode(body))
`

export interface ProgramWorldOptions {
  /** Threads of the test's own process when it is left out. */
  openSandbox?: () => Promise<Sandbox> | Sandbox
  /** Of the node, beside its sandbox. */
  platform?: Partial<NodePlatform>
}

/** A node on which programs run. */
export class ProgramWorld {
  readonly world: NodeWorld
  node!: HoltNode
  call!: ReturnType<typeof caller>
  author = ''
  readonly #options: ProgramWorldOptions
  #sandbox: Sandbox | null = null

  private constructor(t: TestContext, options: ProgramWorldOptions) {
    this.world = new NodeWorld(t)
    this.#options = options
  }

  static async start(t: TestContext, options: ProgramWorldOptions = {}): Promise<ProgramWorld> {
    const made = new ProgramWorld(t, options)
    t.after(() => made.#sandbox?.stop())
    await made.restart()
    await made.call('node.init', {})
    made.author = (await made.call('programs.author', {})).author
    return made
  }

  async restart(): Promise<void> {
    await this.world.stop()
    await this.#sandbox?.stop()
    const { openSandbox = () => openThreadSandbox(), platform } = this.#options
    const sandbox = await openSandbox()
    this.#sandbox = sandbox
    this.node = await this.world.start('data', { more: { sandbox, listenPage, fetchOut, ...platform } })
    this.call = caller(this.node.control)
  }

  /** A signed package of one script, or of one module of WebAssembly. */
  async package(main: string | Uint8Array, changes: Partial<Manifest> = {}, more: Record<string, string> = {}): Promise<Uint8Array> {
    const files = new Map([
      ['main', typeof main === 'string' ? utf8(PRELUDE + main) : main],
      ...Object.entries(more).map(([path, content]) => [path, utf8(content)] as const),
    ])
    const manifest: Manifest = {
      v: 1,
      kind: 'program',
      name: 'book',
      title: 'Book',
      about: 'A book.',
      version: [1, 0, 0],
      author: principalFromText(this.author),
      code: typeof main === 'string' ? 'javascript' : 'wasm',
      main: 'main',
      files: [...files].map(([path, content]) => ({ path, size: content.length, parts: partsOf(content) })),
      powers: [],
      limits: {},
      ...changes,
    }
    const { signature } = await this.call('programs.sign', { manifest: toBase64Url(encodeManifest(manifest)) })
    return encodeArchive(manifest, { files, signature: decodeSignature(fromBase64Url(signature) as Uint8Array) })
  }

  async stage(archive: Uint8Array): Promise<string> {
    return (await this.call('programs.stage', { base64: Buffer.from(archive).toString('base64') })).stage
  }

  async install(archive: Uint8Array, grants: ProgramGrant[] = []) {
    return this.call('programs.install', { stage: await this.stage(archive), grants })
  }
}
