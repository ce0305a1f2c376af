import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { TestContext } from 'node:test'
import type { InstalledInfo, ProgramGrant } from '@holt/control/programs.ts'
import type { Manifest } from '@holt/core/package/manifest.ts'
import type { WishedPower } from '@holt/core/package/powers.ts'
import { pack, unpack } from '@holt/sandbox/parcel.ts'
import { ProgramWorld, type ProgramWorldOptions } from '@holt/node/programs/program-world.ts'
import { openCagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import { relayScript, relayWasm } from '@holt/sandbox/testing/relay.ts'

export const codes = ['javascript', 'wasm'] as const
export type Code = (typeof codes)[number]

/** A node whose programs run in the real cage. */
export function cagedWorld(t: TestContext, options: Omit<ProgramWorldOptions, 'openSandbox'> = {}): Promise<ProgramWorld> {
  return ProgramWorld.start(t, { ...options, openSandbox: () => openCagedSandbox() })
}

const site: WishedPower = { kind: 'page', name: 'site', reason: 'the test asks there' }
const showSite: ProgramGrant = { kind: 'page', name: 'site', network: false }

export interface Answer {
  head: Record<string, unknown>
  body: Uint8Array
}

/** An installed relay: what the test asks of it, it asks of its node. */
export class Relay {
  readonly id: string
  readonly port: number

  private constructor({ id, page }: InstalledInfo) {
    assert.ok(page !== null)
    this.id = id
    this.port = page.port
  }

  static async install(
    world: ProgramWorld,
    code: Code,
    { powers, grants, ...changes }: Partial<Manifest> & { powers: WishedPower[]; grants: ProgramGrant[] },
  ): Promise<Relay> {
    const main = code === 'javascript' ? relayScript : relayWasm
    const archive = await world.package(main, { name: 'relay', title: `Relay in ${code}`, powers: [site, ...powers], ...changes })
    return new Relay(await world.install(archive, [showSite, ...grants]))
  }

  /** @returns the answer of the power, or the code of the error by which it was refused. */
  async use(power: string, head: Record<string, unknown>, body?: Uint8Array): Promise<Answer | string> {
    const { status, bytes } = await this.#ask(power, pack(head, body))
    return status === 200 ? unpack(bytes) : (new TextDecoder().decode(bytes).split(' ')[0] as string)
  }

  /** As `use`, of what is not refused. */
  async done(power: string, head: Record<string, unknown>, body?: Uint8Array): Promise<Answer> {
    const answer = await this.use(power, head, body)
    assert.ok(typeof answer !== 'string', `${power} was refused: ${JSON.stringify(answer)}`)
    return answer
  }

  /** The last of what was delivered to it under this name; null when nothing was, or the program is just started or had no turn on a busy computer. */
  async delivered(name: string): Promise<Answer | null> {
    const { status, bytes } = await this.#ask('', new TextEncoder().encode(name))
    if (status === 503 || status === 504) return null
    assert.equal(status, 200, new TextDecoder().decode(bytes))
    return bytes.length === 0 ? null : unpack(bytes)
  }

  /** What it answers from now on to requests without a body. */
  async answerWith(head: Record<string, unknown>, body?: Uint8Array): Promise<void> {
    assert.equal((await this.#post(Uint8Array.of(255), pack(head, body))).status, 200)
  }

  #ask(power: string, args: Uint8Array): Promise<{ status: number; bytes: Uint8Array }> {
    const name = new TextEncoder().encode(power)
    return this.#post(Uint8Array.of(name.length), name, args)
  }

  #post(...parts: Uint8Array[]): Promise<{ status: number; bytes: Uint8Array }> {
    return new Promise((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port: this.port, method: 'POST', agent: false }, (response) => {
        const came: Buffer[] = []
        response.on('data', (part: Buffer) => came.push(part))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes: new Uint8Array(Buffer.concat(came)) }))
      })
      asking.on('error', reject)
      asking.end(Buffer.concat(parts))
    })
  }
}
