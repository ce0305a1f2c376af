import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { bareStreams } from '../bench/network/bare-streams.ts'
import { processorSeconds } from '../bench/network/program.ts'
import { distFolder, run, TestNode, until } from './harness.ts'

export interface HouseFireOptions {
  /** An empty folder in which everything happens. */
  folder: string
  sizeBytes: number
  /** The owner's among them. */
  nodeCount: number
  /** How many friends' nodes burn with the owner's. */
  alsoBurnt: number
  say: (line: string) => void
  /** Told of every node that is made, so that none is left running. */
  onNode: (node: TestNode) => void
}

export interface HouseFireResult {
  files: number
  bytes: number
  differing: string[]
  usableMs: number
  restoredMs: number
  /** Bytes a second of bare libp2p streams, the same bytes from as many processes as there are friends. */
  linkRate: number
  /** Bytes of the tree a second, from the words to the last pack on the drives. */
  restoreRate: number
  /** The most memory that the new node took until then. */
  peakBytes: number
}

/** Of many friends only so many keep the newest state; the others lead to them. */
const MOST_WITH_NEWEST = 8
/** Asking costs the nodes something too. */
const ASKED_EVERY_MS = 300

/**
 * Real nodes in processes of their own on loopback. The owner puts a tree; friends keep it. Then the owner's node and others' are killed and their
 * folders removed, and a new node with the 24 words and the address of one friend brings it back.
 */
export async function houseFire(options: HouseFireOptions): Promise<HouseFireResult> {
  const { folder, sizeBytes, nodeCount, alsoBurnt } = options
  const startedMs = performance.now()
  const say = (line: string): void => options.say(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(7)} s  ${line}`)
  const original = join(folder, 'original')
  const { files, bytes } = await makeTree(original, sizeBytes)
  say(`a tree of ${files} files, ${mib(bytes)}`)

  const house = new House(options)
  const owner = await house.node('owner')
  const { words, principal } = await owner.call('node.init', { drives: house.drives('owner') })
  await house.isAmong(owner)
  const friends: TestNode[] = []
  for (let i = 1; i < nodeCount; i++) friends.push(await house.friend(owner, `friend-${i}`, sizeBytes))
  say(`${nodeCount} nodes run; the owner is ${principal}, and gives to ${friends.length} friends`)

  await house.holt(owner, ['put', original, '/tree'])
  const lastSeconds = Math.floor(Date.now() / 1000)
  say('put')
  await owner.call('store.settle', {})
  await house.until('everything with friends', () => house.isSafe(owner, lastSeconds))
  say('friends have all of it')

  const burnt = [owner, ...friends.splice(0, alsoBurnt)]
  for (const node of burnt) {
    await node.kill()
    await rm(node.dataFolder, { recursive: true })
    for (const drive of house.drivesOf(node)) await rm(drive, { recursive: true, force: true })
  }
  say(`the house burns: ${burnt.length} nodes are killed, and their folders gone`)

  const bare = await bareStreams(friends.length, bytes)
  const linkRate = bytes / bare.seconds
  say(`the same bytes on bare streams, from ${friends.length} processes into one: ${mib(linkRate)} a second, ${perGib(bare, bytes)}`)

  const again = await house.node('again')
  const [address] = (await (friends[0] as TestNode).call('peers.list', {})).addresses
  const pids = [again, ...friends].map(({ pid }) => pid)
  const before = await processorSeconds(pids)
  const burntMs = performance.now()
  const found = await again.call('node.recover', { words, friends: [address as string], drives: house.drives('again') })
  const first = await firstFile(original)
  const answer = await house.holt(again, ['cat', `/tree/${first}`])
  if (sha256(answer) !== (await digestOf(join(original, first)))) throw new Error('the first file that was read is another')
  const usableMs = performance.now() - burntMs
  say(`usable: ${found.friends?.friends ?? 0} friends answered, ${found.packs} packs; the first file was read and is right`)

  await house.until('everything on the new drives', () => house.isRestored(again, say))
  const restoredMs = performance.now() - burntMs
  const peakBytes = await peakOf(again.pid)
  const cost = { processorSeconds: (await processorSeconds(pids)) - before }
  say(`restored to the drives of the new node, ${perGib(cost, bytes)}; it had ${mib(peakBytes)} of memory at most`)
  for (const friend of friends) await friend.kill()
  const copy = join(folder, 'copy')
  await house.holt(again, ['get', '/tree', copy])
  const differing = await differences(original, copy)
  say(differing.length === 0 ? 'without any friend: every file is what it was' : `${differing.length} files differ`)
  return { files, bytes, differing, usableMs, restoredMs, linkRate, restoreRate: bytes / (restoredMs / 1000), peakBytes }
}

class House {
  readonly #options: HouseFireOptions
  #saidSeconds = 0

  constructor(options: HouseFireOptions) {
    this.#options = options
  }

  async node(name: string): Promise<TestNode> {
    const node = new TestNode(join(this.#options.folder, name), { peers: ['--peer-port', '0', '--peer-interface', 'lo'] })
    this.#options.onNode(node)
    await node.start()
    return node
  }

  /** Slow machines need a second for a mebibyte, what takes longer hangs. */
  until(what: string, condition: () => Promise<boolean>): Promise<boolean> {
    const limitMs = 300_000 + (this.#options.sizeBytes / (1 << 20)) * 1000
    return until(what, () => new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS)).then(condition), { limitMs })
  }

  drives(name: string): string[] {
    return [1, 2].map((number) => join(this.#options.folder, `${name}-drive-${number}`))
  }

  drivesOf({ dataFolder }: TestNode): string[] {
    return this.drives(relative(this.#options.folder, dataFolder))
  }

  isAmong(node: TestNode): Promise<boolean> {
    return until('a node among others', async () => (await node.call('peers.list', {})).running)
  }

  /** Somebody else, who keeps as much for the owner as the tree may need. */
  async friend(owner: TestNode, name: string, sizeBytes: number): Promise<TestNode> {
    const friend = await this.node(name)
    await friend.call('node.init', { drives: this.drives(name) })
    await this.isAmong(friend)
    const { code } = await friend.call('peers.showCode', { relation: 'friend', name })
    const at = (await friend.call('peers.list', {})).addresses
    const { relation } = await owner.call('peers.pair', { code, relation: 'friend', name: 'owner', at })
    const id = relation?.id as string
    await friend.call('peers.share', { id, give: false, mostBytes: 2 * sizeBytes + (1 << 30) })
    await owner.call('peers.share', { id, give: true, mostBytes: null })
    return friend
  }

  /** Every pack with as many friends as are to have it, and the newest state with all of them. */
  async isSafe(owner: TestNode, sinceSeconds: number): Promise<boolean> {
    const { peers } = await owner.call('peers.list', {})
    const newest = peers.flatMap(({ relation }) => (relation?.share === undefined ? [] : (relation.share.newest ?? 0)))
    if (newest.filter((time) => time > sinceSeconds).length < Math.min(newest.length, MOST_WITH_NEWEST)) return false
    for (let after: string | undefined; ; ) {
      const { packs, more } = await owner.call('packs.list', after === undefined ? {} : { after })
      for (const { id, state } of packs) if (state === 'spread' && !(await this.#isGiven(owner, id))) return false
      after = packs.at(-1)?.id
      if (!more || after === undefined) return true
    }
  }

  /** As many different owners may burn as will, and one of them too many is what nobody promised. */
  async #isGiven(owner: TestNode, id: string): Promise<boolean> {
    const { friends = [], dataFragments } = await owner.call('packs.show', { id })
    const good = friends.filter(({ state }) => state === 'good')
    return good.length >= dataFragments + this.#options.alsoBurnt
  }

  async isRestored(node: TestNode, say: (line: string) => void): Promise<boolean> {
    const { store } = await node.call('node.status', {})
    const second = Math.floor(performance.now() / 5000)
    if (second !== this.#saidSeconds) say(`${store?.degradedPacks ?? 0} of ${store?.packs ?? 0} packs are yet to come`)
    this.#saidSeconds = second
    return store !== null && store.degradedPacks === 0 && store.lostPacks === 0
  }

  /** @returns what it wrote. */
  async holt(node: TestNode, args: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await run(process.execPath, [join(distFolder, 'cli.mjs'), '--data', node.dataFolder, ...args])
    if (exitCode !== 0) throw new Error(`holt ${args[0]} ended with ${exitCode}: ${stderr}`)
    return stdout
  }
}

/** Files of text and of noise, in folders; the first one is text, so that it can be read as such. */
async function makeTree(folder: string, sizeBytes: number): Promise<{ files: number; bytes: number }> {
  const sizes = [1, 4000, 70_000, 900_000, 5_000_000]
  let bytes = 0
  let files = 0
  for (; bytes < sizeBytes; files++) {
    const below = join(folder, `folder ${files % 7}`, `${files % 3}`)
    await mkdir(below, { recursive: true })
    const size = Math.min(sizes[files % sizes.length] as number, sizeBytes - bytes)
    const content = size <= 4000 ? Buffer.alloc(size, `file ${files} `) : randomBytes(size)
    await writeFile(join(below, `file ${files}.${size <= 4000 ? 'txt' : 'bin'}`), content)
    bytes += size
  }
  return { files, bytes }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

async function firstFile(folder: string): Promise<string> {
  return (await filesBelow(folder)).find((path) => path.endsWith('.txt')) as string
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** @returns what is not the same in both. */
async function differences(original: string, copy: string): Promise<string[]> {
  const [before, after] = [await filesBelow(original), await filesBelow(copy)]
  const differing = after.filter((path) => !before.includes(path))
  for (const path of before)
    if (!after.includes(path) || (await digestOf(join(original, path))) !== (await digestOf(join(copy, path)))) differing.push(path)
  return differing
}

/** @returns the most memory that a process has had. */
async function peakOf(pid: number): Promise<number> {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) * 1024
}

function perGib(cost: { processorSeconds: number }, bytes: number): string {
  return `${(cost.processorSeconds / (bytes / 2 ** 30)).toFixed(1)} s of processors for a GiB in all of them`
}

export function mib(bytes: number): string {
  return `${(bytes / (1 << 20)).toFixed(1)} MiB`
}
