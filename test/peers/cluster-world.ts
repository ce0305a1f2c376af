import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { afterwards, distFolder, freePort, type ProcessResult, run, TestNode, until } from './harness.ts'

/** One of an owner's nodes: a real process, reached over loopback only. */
export interface OwnNode {
  node: TestNode
  name: string
  /** `holt` on it. */
  holt(...args: string[]): Promise<ProcessResult>
  put(path: string, text: string): Promise<void>
  /** Null when it is not there, or is not to be had now. */
  read(path: string, at?: number): Promise<string | null>
}

/** A node process that is nobody's yet. */
export async function newProcess(context: TestContext, folder: string, name: string): Promise<OwnNode> {
  const node = new TestNode(join(folder, name), { peers: ['--peer-port', String(await freePort()), '--peer-interface', 'lo'] })
  afterwards(context, () => node.kill())
  await node.start()
  const local = join(folder, `${name}-local`)
  mkdirSync(local, { recursive: true })
  let made = 0
  const file = (): string => join(local, String(made++))
  return {
    node,
    name,
    holt: (...args) => run(process.execPath, [join(distFolder, 'cli.mjs'), '--data', node.dataFolder, ...args]),
    put: async (path, text) => {
      const source = file()
      writeFileSync(source, text)
      await node.call('files.importLocal', { locals: [source], path, place: 'as' })
    },
    read: async (path, at) => {
      const target = file()
      try {
        await node.call('files.exportLocal', { path, local: target, ...(at === undefined ? {} : { at }) })
        return readFileSync(target, 'utf8')
      } catch {
        return null
      }
    },
  }
}

export const among = ({ node }: OwnNode) => until('a node among others', async () => (await node.call('peers.list', {})).running)

/** One that is set up, and one that joins it by a code. */
export async function twoNodes(context: TestContext, folder: string): Promise<[OwnNode, OwnNode]> {
  const one = await newProcess(context, folder, 'one')
  await one.node.call('node.init', {})
  await among(one)
  const other = await newProcess(context, folder, 'other')
  const { link } = await one.node.call('cluster.invite', {})
  await other.node.call('node.join', { code: link })
  await among(other)
  return [one, other]
}

/** Both have all of this. */
export async function alike(nodes: readonly OwnNode[], texts: ReadonlyMap<string, string>): Promise<void> {
  for (const own of nodes)
    for (const [path, text] of texts)
      await until(`${path} on ${own.name}`, async () => (await own.read(path)) === text).catch(async (cause: unknown) => {
        throw new Error(JSON.stringify(await Promise.all(nodes.map(state))), { cause })
      })
}

/** What to know of a node where it is not as it should be. */
async function state({ name, node }: OwnNode): Promise<unknown> {
  return { name, cluster: await node.call('cluster.show', {}), peers: await node.call('peers.list', {}), log: node.log }
}

export async function again({ node, ...own }: OwnNode): Promise<void> {
  await node.start()
  await among({ node, ...own })
}
