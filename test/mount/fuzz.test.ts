import assert from 'node:assert/strict'
import { constants as fs } from 'node:fs'
import { constants } from 'node:os'
import { test } from 'node:test'
import type { Control } from '@holt/control/schema.ts'
import { FrameSplitter } from '@holt/fuse/protocol/frame-splitter.ts'
import { IN_HEADER_BYTES, MAX_TRANSFER_BYTES, opcodes, OUT_HEADER_BYTES, WRITE_IN_BYTES } from '@holt/fuse/protocol/numbers.ts'
import { KernelSession } from '@holt/fuse/server/kernel-session.ts'
import { FileLocks } from '@holt/fuse/server/locks/file-locks.ts'
import { MountedWithPast } from '@holt/node/mount/mounted-with-past.ts'
import { TreeWorld } from '@holt/tree/tree-world.ts'
import { randomNumbers } from '@holt/tree/working-file-world.ts'
import type { FileEntry } from '@holt/tree/types.ts'

/** The kernel's messages with odd arguments, or none that a kernel would send: whoever may open `mount.sock` may send them. */

const { errno } = constants
const ROUNDS = 4000
/** Of one process that answers all of them. */
const MOST_GROWN_BYTES = 512 << 20
const UNANSWERED: ReadonlySet<number> = new Set([opcodes.FORGET, opcodes.BATCH_FORGET, opcodes.INTERRUPT])

type Random = (below: number) => number

/** What numbers of a message may be: small, or where counting goes wrong. */
function oddNumber(random: Random): bigint {
  const edges = [0n, 1n, 2n, 3n, 7n, 4096n, 65_536n, 1n << 20n, (1n << 31n) - 1n, 1n << 31n, (1n << 32n) - 1n, 1n << 32n]
  const wide = [1n << 40n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n, (1n << 63n) - 4096n]
  const all = random(3) === 0 ? wide : edges
  return all[random(all.length)] as bigint
}

function oddName(random: Random): Buffer {
  const names = [
    'file',
    'other',
    'below',
    'link',
    '.',
    '..',
    '',
    'a/b',
    '/',
    '.holt',
    '.holt-hidden',
    'user.colour',
    'owner',
    'system.posix_acl_access',
    'trusted.x',
  ]
  const choice = random(20)
  if (choice === 0) return Buffer.alloc(1 + random(5000), 0x61)
  if (choice === 1) return Buffer.from([0xff, 0xfe, 0x80, random(256)])
  if (choice === 2) return Buffer.from('\ud800x', 'utf8')
  return Buffer.from(names[random(names.length)] as string)
}

/** Of the calls whose numbers matter: u64, u32, a name, bytes. Bytes are as long as a number before them says, or not. */
const layouts: Readonly<Record<number, string>> = {
  [opcodes.LOOKUP]: 'n',
  [opcodes.SETATTR]: '44888888444444444',
  [opcodes.SYMLINK]: 'nn',
  [opcodes.MKNOD]: '4444n',
  [opcodes.MKDIR]: '44n',
  [opcodes.UNLINK]: 'n',
  [opcodes.RMDIR]: 'n',
  [opcodes.RENAME2]: '844nn',
  [opcodes.CREATE]: '4444n',
  [opcodes.READ]: '884',
  [opcodes.WRITE]: '88L4844b',
  [opcodes.FALLOCATE]: '88844',
  [opcodes.GETXATTR]: '44n',
  [opcodes.SETXATTR]: 'L4nb',
  [opcodes.LISTXATTR]: '44',
  [opcodes.REMOVEXATTR]: 'n',
  [opcodes.SETLK]: '88884444',
  [opcodes.SETLKW]: '88884444',
  [opcodes.READDIR]: '884',
  [opcodes.READDIRPLUS]: '884',
  [opcodes.FORGET]: '8',
  [opcodes.BATCH_FORGET]: '448888',
}

function oddBody(opcode: number, random: Random): Buffer {
  const layout = (random(4) > 0 ? layouts[opcode] : undefined) ?? Array.from({ length: random(12) }, () => '48nb'[random(4)]).join('')
  const bytes = Buffer.alloc(random(random(8) === 0 ? 200_000 : 300), random(256))
  const parts = Array.from(layout, (kind) => {
    if (kind === 'n') return Buffer.concat([oddName(random), Buffer.alloc(random(16) === 0 ? 0 : 1)])
    if (kind === 'b') return bytes
    const number = kind === 'L' && random(4) > 0 ? BigInt(bytes.length) : oddNumber(random)
    return kind === '8' ? u64(number) : u32(Number(number & 0xffff_ffffn))
  })
  const body = Buffer.concat(parts)
  return random(12) === 0 ? body.subarray(0, random(body.length + 1)) : body
}

function message(opcode: number, unique: bigint, node: bigint, body: Buffer): Buffer {
  const header = Buffer.alloc(IN_HEADER_BYTES)
  header.writeUInt32LE(IN_HEADER_BYTES + body.length, 0)
  header.writeUInt32LE(opcode, 4)
  header.writeBigUInt64LE(unique, 8)
  header.writeBigUInt64LE(node, 16)
  return Buffer.concat([header, body])
}

const u32 = (number: number): Buffer => Buffer.from(new Uint32Array([number]).buffer)
const u64 = (number: bigint | number): Buffer => Buffer.from(new BigUint64Array([BigInt(number)]).buffer)
const text = (name: string): Buffer => Buffer.from(`${name}\0`)

class FuzzWorld {
  readonly session: KernelSession
  readonly #splitter = new FrameSplitter({ headBytes: IN_HEADER_BYTES + WRITE_IN_BYTES, maxBytes: 2 << 20 })
  readonly answers = new Map<bigint, { errno: number; body: Buffer }>()
  readonly #underWay: Promise<void>[] = []
  #unique = 1n

  constructor(session: (send: (message: Uint8Array[]) => void) => KernelSession) {
    this.session = session((parts) => this.#take(Buffer.concat(parts)))
  }

  #take(bytes: Buffer): void {
    const unique = bytes.readBigUInt64LE(8)
    if (unique === 0n) return
    assert.equal(bytes.readUInt32LE(0), bytes.length)
    assert.ok(bytes.length <= MAX_TRANSFER_BYTES + OUT_HEADER_BYTES, `an answer of ${bytes.length} bytes`)
    assert.ok(!this.answers.has(unique), 'it is answered twice')
    this.answers.set(unique, { errno: Math.abs(bytes.readInt32LE(4)), body: bytes.subarray(OUT_HEADER_BYTES) })
  }

  send(opcode: number, node: bigint, body: Buffer): bigint {
    const unique = this.#unique++
    this.sendBytes(message(opcode, unique, node, body))
    return unique
  }

  sendBytes(bytes: Buffer): void {
    for (const frame of this.#splitter.feed(bytes)) this.#underWay.push(this.session.handle(frame))
  }

  async ask(opcode: number, node: bigint, body: Buffer): Promise<{ errno: number; body: Buffer }> {
    const unique = this.send(opcode, node, body)
    await this.#underWay.at(-1)
    return this.answers.get(unique) as { errno: number; body: Buffer }
  }

  /** Whoever waits for a lock is told that there is nobody any more. */
  async settled(): Promise<void> {
    this.session.end()
    await Promise.all(this.#underWay)
  }
}

for (const seed of [1, 2, 3]) {
  test(`every odd message is answered once, and those that are not to be answered are not; seed ${seed}`, async () => {
    const random = randomNumbers(seed)
    const tree = new TreeWorld()
    const volume = await tree.create()
    await volume.edit((edit) => edit.makeDirectory('/below'))
    for (const path of ['/file', '/below/file']) await tree.put(volume, path, 'as it was')
    const top = await volume.current().stat('/')
    assert.ok(top)
    const context = { volume, crypto: tree.crypto, now: () => tree.nowMs, space: async () => ({ totalBytes: 1 << 30, freeBytes: 1 << 20 }) }
    const events = { changed: () => {}, renamed: () => {} }
    const lost: string[] = []
    const mount = await MountedWithPast.open(
      { ...context, log: (line) => void lost.push(line), ended: () => {} },
      { path: '/', readOnly: false, uid: 0, gid: 0, events },
      { fixed: null, top },
    )
    const control = { call: async () => ({ nodes: [{}], leader: null, leases: [] }) } as unknown as Control
    const fileLocks = new FileLocks({ control, othersKnown: Promise.resolve(), log: () => {} })
    const world = new FuzzWorld((send) => new KernelSession(mount, send, { fileLocks }))
    const asked: bigint[] = []
    assert.equal((await world.ask(opcodes.INIT, 0n, Buffer.concat([u32(7), u32(38), u32(1 << 17), u32(0xffff_ffff)]))).errno, 0)

    const codes = Object.values(opcodes).filter((code) => code !== opcodes.INIT)
    const before = process.memoryUsage().rss
    for (let round = 0; round < ROUNDS; round++) {
      const opcode = random(30) === 0 ? random(70) : (codes[random(codes.length)] as number)
      const node = random(3) > 0 ? BigInt(1 + random(12)) : oddNumber(random)
      const unique = world.send(opcode, node, oddBody(opcode, random))
      if (!UNANSWERED.has(opcode)) asked.push(unique)
      else asked.push(-unique)
      if (round % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    // shorter than its header: nobody to be answered
    world.sendBytes(Buffer.concat([u32(12), Buffer.alloc(8, 1)]))
    // a folder that was asked for so much is one still
    const found = await world.ask(opcodes.CREATE, 1n, Buffer.concat([u32(2), u32(0o644), u32(0), u32(0), text('sound')]))
    assert.equal(found.errno, 0, 'a file is made')
    // one that another has just made is to be looked up anew and opened, but for who wants it new
    const again = (flags: number) => world.ask(opcodes.CREATE, 1n, Buffer.concat([u32(flags), u32(0o644), u32(0), u32(0), text('sound')]))
    assert.deepEqual([(await again(2)).errno, (await again(2 | fs.O_EXCL)).errno], [errno.ESTALE, errno.EEXIST])
    const sound = found.body.readBigUInt64LE(0)
    const write = Buffer.concat([u64(0), u64(0), u32(5), u32(0), u64(0), u32(0), u32(0), Buffer.from('sound')])
    assert.equal((await world.ask(opcodes.WRITE, sound, write)).errno, 0)
    const syncs = [await world.ask(opcodes.FSYNC, sound, Buffer.alloc(16)), await world.ask(opcodes.FSYNCDIR, 1n, Buffer.alloc(16))]
    await world.settled()
    assert.ok(process.memoryUsage().rss - before < MOST_GROWN_BYTES, 'memory is bounded')
    for (const unique of asked) {
      if (unique > 0n) assert.ok(world.answers.has(unique), `${unique} has no answer`)
      else assert.ok(!world.answers.has(-unique), `${-unique} has an answer`)
    }
    assert.deepEqual(
      [syncs.map(({ errno }) => errno), lost.filter((line) => /durable|waits/.test(line))],
      [[0, 0], []],
      'what one file cannot be keeps no other from being saved',
    )
    await mount.end()
    const entry = (await volume.current().stat('/sound')) as FileEntry
    assert.equal(Buffer.from(await volume.current().openEntry(entry).read(0, 100)).toString(), 'sound')
  })
}
