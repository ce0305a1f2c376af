import { setTimeout as wait } from 'node:timers/promises'
import type {
  CallOptions,
  ClassInfo,
  Control,
  DoctorReport,
  DriveInfo,
  FoundDrive,
  MethodName,
  Params,
  Progress,
  Result,
  Status,
} from '@holt/control/schema.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { thumbnailTypeOf } from '@holt/control/picture-type.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryBox } from './memory-box.ts'
import { machineHandlers } from './memory-machine.ts'
import { MemoryEvents } from './memory-events.ts'
import { MemoryFolders } from './memory-folders.ts'
import { MemoryCluster } from './memory-cluster.ts'
import { MemoryPeers } from './memory-peers.ts'
import { MemoryPhotos } from './memory-photos.ts'
import { MemoryPower } from './memory-power.ts'
import { MemoryPrograms } from './memory-programs.ts'
import { MemoryShares } from './memory-shares.ts'
import { packHandlers } from './memory-packs.ts'
import { MemoryStorage } from './memory-storage.ts'
import { allBytes, MemoryTree } from './memory-tree.ts'
import { MemoryUploads } from './memory-uploads.ts'

const WORDS =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual'
export const KEY_FILE = 'age-encryption.org/v1 a backup made by MemoryNode'

type Handlers = { [Name in MethodName]?: (params: Params<Name>, options: CallOptions) => Promise<Result<Name>> | Result<Name> }

export interface MemoryNodeOptions {
  /** Of one step of verify, repair and drive removal. */
  stepMs?: number
  steps?: number
  /** It runs on a box. */
  box?: boolean
  /** It runs in the app of a phone. */
  phone?: boolean
}

/**
 * A node in memory, for tests of the page and for looking at it: a tree, drives that can be lost, long work with progress.
 * Nothing is sealed or coded, and nothing lasts.
 */
export class MemoryNode implements Control, FileStreams {
  readonly tree = new MemoryTree()
  readonly uploads = new MemoryUploads(this.tree)
  readonly shared = new MemoryShares()
  readonly peers = new MemoryPeers()
  readonly folders = new MemoryFolders()
  readonly cluster = new MemoryCluster()
  readonly programs = new MemoryPrograms()
  /** By the content they are of. */
  readonly thumbnails = new Map<string, string>()
  readonly storage = new MemoryStorage(() => ({ tree: this.tree, drives: this.drives }))
  /** Set: the node runs on a box. */
  box: MemoryBox | null = null
  /** Set: the node runs in the app of a phone. */
  photos: MemoryPhotos | null = null
  readonly power = new MemoryPower()
  readonly calls: { name: MethodName; params: unknown }[] = []
  drives: DriveInfo[] = []
  /** Of an earlier node, that lie about. */
  oldDrives: FoundDrive[] = []
  /** What the status says is stored; null: what the tree holds. */
  packBytes: number | null = null
  #state: Status['state'] = 'new'
  #keyBackedUp = false
  #classes: Pick<ClassInfo, 'name' | 'dataFragments' | 'totalFragments' | 'setByOwner'>[] = []
  readonly #events = new MemoryEvents()
  readonly #steps: number
  readonly #stepMs: number

  constructor({ stepMs = 1, steps = 5, box = false, phone = false }: MemoryNodeOptions = {}) {
    if (box) this.box = new MemoryBox({ steps, stepMs })
    if (phone) this.photos = new MemoryPhotos()
    this.#stepMs = stepMs
    this.#steps = steps
  }

  async call<Name extends MethodName>(name: Name, params: Params<Name>, options: CallOptions = {}): Promise<Result<Name>> {
    this.calls.push({ name, params })
    if (this.#state !== 'ready' && /^(files|drives|classes|doctor|space|retention)\./.test(name) && name !== 'drives.find')
      throw new HoltError('NOT_INITIALIZED', 'there is no root key yet')
    if (name.startsWith('box.') && this.box === null) throw new HoltError('NOT_A_BOX', 'this node does not run on a box')
    if (/^(photos|power)\./.test(name) && this.photos === null) throw new HoltError('NOT_A_PHONE', 'this node is in no phone')
    const handler = (this.#handlers[name] ??
      this.shared.handlers[name] ??
      this.peers.handlers[name] ??
      this.folders.handlers[name] ??
      this.cluster.handlers[name] ??
      this.photos?.handlers[name] ??
      this.power.handlers[name] ??
      this.programs.handlers[name] ??
      this.box?.handlers[name] ??
      this.box?.machine.handlers[name]) as
      | ((params: Params<Name>, options: CallOptions) => Promise<Result<Name>> | Result<Name>)
      | undefined
    if (!handler) throw new HoltError('UNKNOWN_METHOD', `MemoryNode has no ${name}`)
    return handler(params, options)
  }

  async read(path: string, options: Parameters<FileStreams['read']>[1] = {}) {
    const entry = this.tree.stat(path, options.at)
    if (entry.type !== 'file') throw new HoltError('IS_A_DIRECTORY', `${path} is a directory`)
    const { offset = 0, lengthBytes = entry.sizeBytes } = options
    return { entry, body: inParts(this.tree.bytes(path, options.at).subarray(offset, offset + lengthBytes)) }
  }

  async write(path: string, body: AsyncIterable<Uint8Array>, options: Parameters<FileStreams['write']>[2]) {
    this.tree.checkWrite(path, options.replace ?? false)
    const bytes = await allBytes(body, options.signal)
    const { modified, mode, replace, keep, check } = options
    const there = this.tree.find(path)
    check?.(there)
    const written = this.tree.write(path, bytes, { modified, mode: mode ?? (keep === true ? there?.mode : undefined), replace })
    if (keep === true && there?.attributes !== undefined) this.tree.setAttributes(path, { attributes: there.attributes })
    return written
  }

  /** As if something had happened. */
  tell(event: Omit<Result<'events.next'>['events'][number], 'number'>): void {
    this.#events.add(event)
  }

  loseDrive(folder: string): void {
    this.drives = this.drives.map((drive) =>
      drive.folder === folder ? { ...drive, state: 'missing', problem: 'the folder is not there' } : drive,
    )
  }

  readonly #handlers: Handlers = {
    ...machineHandlers,
    ...this.storage.handlers,
    ...packHandlers(() => ({ tree: this.tree, drives: this.drives })),
    'node.status': () => this.#status(),
    'node.init': ({ words, drives = [] }) => {
      if (this.#state !== 'new') throw new HoltError('ALREADY_INITIALIZED', 'there is a root key already')
      if (words !== undefined) checkWords(words)
      this.#state = 'ready'
      for (const folder of drives.length > 0 ? drives : ['/data/holt/drive']) this.#addDrive(folder)
      return { words: words ?? WORDS, principal: PRINCIPAL }
    },
    'node.join': ({ code }) => {
      if (this.#state !== 'new') throw new HoltError('ALREADY_INITIALIZED', 'this node is set up already')
      if (code.endsWith('0000')) throw new HoltError('PAIRING_FAILED', 'the other node does not know the code')
      this.#state = 'ready'
      this.#addDrive('/data/holt/drive')
      return { principal: PRINCIPAL }
    },
    'node.recover': async ({ words, drives, copyTo, friends }, options) => {
      checkWords(words)
      if (friends?.some((friend) => !friend.includes(FRIEND)) === true) throw new HoltError('PEER_UNREACHABLE', 'no friend was found')
      if (copyTo !== undefined) await this.#work('copy', options)
      await this.#work('recover', options)
      this.#state = 'ready'
      for (const folder of copyTo ?? drives ?? []) this.#addDrive(folder)
      const copied = copyTo === undefined ? {} : { copied: { files: 20, present: 0, damaged: 0 } }
      const found = friends === undefined ? {} : { friends: { friends: 2, packs: 3, copies: 1, late: 1, behind: false } }
      return { principal: PRINCIPAL, sequence: this.tree.sequence, packs: 3, lostPacks: 0, ...copied, ...found }
    },
    'drives.find': ({ folders }) => ({
      found: this.oldDrives.filter(({ folder }) => folders.some((one) => folder === one || folder.startsWith(`${one}/`))),
    }),
    'files.list': ({ path, ...options }) => this.tree.list(path, options),
    'files.stat': ({ path, at }) => this.tree.stat(path, at),
    'files.search': (params) => this.tree.search(params),
    'files.mkdir': ({ path, parents }) => {
      this.tree.makeDirectory(path, parents)
      return {}
    },
    'files.move': ({ from, to, replace, recursive }) => {
      this.tree.move(from, to, replace, recursive)
      return {}
    },
    'files.copy': ({ from, to, ...options }) => {
      this.tree.copy(from, to, options)
      return {}
    },
    'files.setAttributes': ({ path, ...changes }) => {
      this.tree.setAttributes(path, changes)
      return {}
    },
    'files.remove': ({ paths, recursive }) => {
      this.tree.remove(paths, recursive)
      return {}
    },
    'files.versions': ({ path, limit }) => ({ versions: this.tree.versions(path, limit) }),
    'files.restore': ({ path, at, to }) => {
      this.tree.restore(path, at, to)
      return {}
    },
    'thumbnails.get': ({ path }) => {
      const content = this.tree.stat(path).content ?? null
      return { content, base64: this.thumbnails.get(content ?? '') ?? null }
    },
    'thumbnails.put': ({ path, content, base64 }) => {
      if (this.tree.stat(path).content !== content) throw new HoltError('CONFLICT', 'the file has changed since')
      if (thumbnailTypeOf(Buffer.from(base64, 'base64')) === null) throw new HoltError('INPUT_INVALID', 'this is no picture')
      this.thumbnails.set(content, base64)
      return {}
    },
    'thumbnails.clear': () => {
      this.thumbnails.clear()
      return {}
    },
    'trash.put': ({ paths }) => ({ items: this.tree.putInTrash(paths) }),
    'trash.list': () => ({ items: this.tree.trash.map(({ item }) => item), more: false }),
    'trash.restore': ({ ids, onConflict, into }) => ({ paths: this.tree.takeFromTrash(ids, onConflict, into) }),
    'trash.empty': ({ ids }) => ({ removed: this.tree.emptyTrash(ids) }),
    'events.next': ({ after, waitMs }, { signal }) => this.#events.next(after, waitMs, signal),
    'drives.list': () => ({ drives: this.drives }),
    'drives.add': ({ folder }) => this.#addDrive(folder),
    'drives.remove': async ({ folder, force }, options) => {
      const drive = this.drives.find((one) => one.folder === folder || one.id === folder)
      if (!drive) throw new HoltError('NOT_FOUND', 'no such drive')
      if (drive.state === 'missing' && !force) throw new HoltError('DRIVE_MISSING', 'the drive does not answer')
      if (drive.state !== 'missing') await this.#work('repair', options)
      this.drives = this.drives.filter((one) => one !== drive)
      return {}
    },
    'classes.list': () => ({ classes: this.#classList() }),
    'classes.set': ({ name, dataFragments, totalFragments }) => {
      if (dataFragments > totalFragments) throw new HoltError('INPUT_INVALID', 'k may not be over n')
      this.#classes = [...this.#classes.filter((one) => one.name !== name), { name, dataFragments, totalFragments, setByOwner: true }]
      return {}
    },
    'doctor.run': ({ repair = false }, options) => this.#doctor(repair, options),
    'key.words': () => ({ words: WORDS }),
    'key.backup': ({ passphrase }) => {
      if (passphrase.length < 8) throw new HoltError('PASSPHRASE_TOO_WEAK', 'the passphrase is too easy to guess')
      return { fileBase64: Buffer.from(KEY_FILE).toString('base64') }
    },
    'key.open': ({ words, fileBase64, passphrase }) => {
      if (words !== undefined) return { words: checkWords(words), principal: PRINCIPAL }
      if (Buffer.from(fileBase64 ?? '', 'base64').toString() !== KEY_FILE) throw new HoltError('KEY_FILE_DAMAGED', 'this is no backup file')
      if (passphrase !== 'correct horse battery') throw new HoltError('PASSPHRASE_WRONG', 'the passphrase is wrong')
      return { words: WORDS, principal: PRINCIPAL }
    },
    'key.markBackedUp': () => {
      this.#keyBackedUp = true
      return {}
    },
  }

  #status(): Status {
    const degraded = this.drives.some((drive) => drive.state === 'missing')
    return {
      state: this.#state,
      version: '0.1.0',
      pid: process.pid,
      dataFolder: '/data/holt',
      pageUrl: null,
      principal: this.#state === 'ready' ? PRINCIPAL : null,
      sequence: this.#state === 'ready' ? this.tree.sequence : 0,
      uptimeSeconds: Math.round(process.uptime()),
      memory: { rssBytes: 90_000_000, heapBytes: 40_000_000 },
      eventLoopDelayMs: { p50: 1, p99: 3, max: 12 },
      store: {
        blocks: this.tree.files * 2,
        packs: 1 + Math.ceil((this.packBytes ?? this.tree.sizeBytes) / 64e6),
        packBytes: this.packBytes ?? this.tree.sizeBytes,
        unspreadBytes: 0,
        degradedPacks: degraded ? 1 : 0,
        lostPacks: this.#missing() > 2 ? 1 : 0,
      },
      keyBackedUp: this.#keyBackedUp,
      ...(this.box === null ? {} : { box: true }),
      ...(this.photos === null ? {} : { phone: true }),
    }
  }

  #addDrive(folder: string): DriveInfo {
    if (!folder.startsWith('/')) throw new HoltError('INPUT_INVALID', 'a drive is an absolute folder')
    if (folder.includes('foreign')) throw new HoltError('DRIVE_FOREIGN', 'the folder is not empty')
    if (this.drives.some((drive) => drive.folder === folder)) throw new HoltError('DRIVE_IN_USE', 'this folder is a drive already')
    const totalBytes = 2e12
    const number = this.drives.length + 1
    const id = number.toString(16).padStart(32, '0')
    const drive: DriveInfo = {
      id,
      folder,
      state: 'ok',
      totalBytes,
      freeBytes: totalBytes - 3e11 * number,
      fragmentBytes: 0,
      fragmentCount: 0,
    }
    this.drives = [...this.drives, drive]
    return drive
  }

  #missing(): number {
    return this.drives.filter((drive) => drive.state === 'missing').length
  }

  #classList(): ClassInfo[] {
    const drives = Math.max(1, this.drives.length)
    const spare = drives >= 6 ? 2 : drives >= 3 ? 1 : 0
    const standard = this.#classes.find(({ name }) => name === 'standard') ?? {
      name: 'standard',
      dataFragments: drives - spare,
      totalFragments: drives,
      setByOwner: false,
    }
    const others = this.#classes.filter(({ name }) => name !== 'standard')
    return [standard, ...others].map((one) => {
      const left = one.totalFragments - one.dataFragments - this.#missing()
      return { ...one, packs: 12, packBytes: this.packBytes ?? this.tree.sizeBytes, lossesSurvived: Math.max(-1, left) }
    })
  }

  async #doctor(repair: boolean, options: CallOptions): Promise<DoctorReport> {
    await this.#work(repair ? 'repair' : 'verify', options)
    const missing = this.drives.filter((drive) => drive.state === 'missing')
    const spares = this.drives.filter((drive) => drive.state === 'ok' && drive.fragmentCount === 0)
    const mended = repair && spares.length >= missing.length
    if (mended && missing.length > 0) {
      const [lost] = missing as [DriveInfo]
      this.drives = this.drives.map((drive) =>
        spares.includes(drive) ? { ...drive, fragmentCount: lost.fragmentCount, fragmentBytes: lost.fragmentBytes } : drive,
      )
    }
    return {
      blocksChecked: 1200,
      fragmentsChecked: 72,
      bytesChecked: 96_000_000,
      problems: missing.map((drive) => ({ what: 'drive-missing' as const, where: drive.folder, repaired: mended })),
      repairedFragments: mended ? 12 * missing.length : 0,
      healthy: mended || missing.length === 0,
    }
  }

  async #work(phase: string, { signal, onProgress }: CallOptions): Promise<void> {
    for (let step = 0; step <= this.#steps; step++) {
      if (signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
      const progress: Progress = { phase, doneBytes: step * 1e7, totalBytes: this.#steps * 1e7, doneItems: step, totalItems: this.#steps }
      onProgress?.(progress)
      await wait(this.#stepMs)
    }
  }
}

/** In the address of whoever is a friend here. */
const FRIEND = '/p2p/12D3KooWMemoryFriend'
const PRINCIPAL = '12D3KooWMemoryNodeMemoryNodeMemoryNodeMemoryNodeMemo'

function checkWords(words: string): string {
  const tidy = words.trim().toLowerCase().replace(/\s+/g, ' ')
  if (tidy === WORDS) return tidy
  const list = tidy.split(' ')
  const position = list.findIndex((word) => !WORDS.split(' ').includes(word))
  throw new HoltError('WORDS_INVALID', 'these are not the 24 words', position < 0 ? { count: list.length } : { position: position + 1 })
}

async function* inParts(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 65536) yield bytes.subarray(offset, offset + 65536)
}
