import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { StartHost } from '@holt/network/host.ts'
import { startLanHost } from '@holt/platform-nodejs/network/lan-host.ts'
import { openNodejsPlatform } from '@holt/platform-nodejs/open-platform.ts'
import { createNode } from '../node.ts'
import { caller } from '../node-world.ts'

/** Far longer than anything here takes, on a busy machine too. */
const LIMIT_MS = 120_000

const ports = new Map<string, number>()
const cleanUps = new WeakMap<TestContext, (() => unknown)[]>()

/** When the test is over, what was said last first: nodes end before their folders go. */
function afterwards(t: TestContext, action: () => unknown): void {
  const known = cleanUps.get(t)
  if (known !== undefined) return void known.push(action)
  const actions = [action]
  cleanUps.set(t, actions)
  t.after(async () => {
    for (const last of actions.reverse()) await last()
  })
}

/** For tests: a folder that goes with the test. */
export function worldFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holt-lan-'))
  afterwards(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** For tests: a node with libp2p over loopback only, not set up yet. Begun anew in the same folder it is where it was. */
export async function newLanNode(t: TestContext, folder: string) {
  const platform = await openNodejsPlatform({ dataFolder: folder, log: () => {}, workers: 1 })
  const startHost: StartHost = async (options) => {
    const host = await startLanHost({ ...options, port: ports.get(folder) ?? 0, interfaces: ['lo'] })
    ports.set(folder, Number(/\/tcp\/(\d+)/.exec(host.addresses().join())?.[1] ?? 0))
    return host
  }
  const node = await createNode({ ...platform, startHost })
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => (closing ??= node.close().then(() => platform.close()))
  afterwards(t, close)
  return { node, call: caller(node.control), close }
}

/** For tests: the same, set up by `begin` (a new one without) with a drive beside it, and among others. */
export async function startLanNode(
  t: TestContext,
  folder: string,
  name: string,
  begin: (call: LanNode['call'], drives: string[]) => Promise<string> = async (call, drives) => (await call('node.init', { drives })).words,
) {
  const made = await newLanNode(t, join(folder, name))
  const words = await begin(made.call, [join(folder, `${name}-drive`)])
  await until('a node among others', async () => (await made.call('peers.list', {})).running)
  return { ...made, words }
}

export type LanNode = Awaited<ReturnType<typeof newLanNode>>

/** Looks until something is found: anything but null and false. */
export async function until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
  for (const endMs = Date.now() + LIMIT_MS; Date.now() < endMs; ) {
    const found = await look()
    if (found !== null && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${what} did not come`)
}

export async function digestOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of body) hash.update(bytes)
  return hash.digest('hex')
}
