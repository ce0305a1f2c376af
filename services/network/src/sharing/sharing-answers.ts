import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { Principal } from '@holt/core/principal.ts'
import { nowSeconds } from '@holt/store/fragments/clock.ts'
import { parseHead } from '@holt/tree/caps/head.ts'
import { issueReadcap } from '@holt/tree/caps/readcap.ts'
import { sealReadcap } from '@holt/tree/caps/sealed-readcap.ts'
import type { Writecap } from '@holt/tree/caps/writecap.ts'
import { InTurn } from '../in-turn.ts'
import type { Handlers } from '../rpc/responder.ts'
import type { FolderGiver } from './folder-giver.ts'
import type { FolderOwner } from './folder-owner.ts'
import { type GivenFolder, MAX_LABEL_BYTES, MOST_CHAINS } from './folder-record.ts'
import type { FolderTaker } from './folder-taker.ts'
import { isHolding, isOf, withoutReader, withRequest } from './requests.ts'
import { includes, type SharingContext } from './sharing-context.ts'
import { ANSWER_BYTES, MOST_TOLD, type SharingMethods, type ToldFolder } from './sharing-protocol.ts'

export interface SharingAnswersOptions extends SharingContext {
  giver: FolderGiver
  owner: FolderOwner
  taker: FolderTaker
  /** Whose node it is. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf(peer: Principal): Principal
  /** Begins to ask a node what it shares. */
  ask(friend: { owner: Principal; node: Principal }): void
}

/** What friends' nodes are answered. Who asks is known by the relation: nobody asks in another's name. */
export class SharingAnswers {
  readonly #options: SharingAnswersOptions
  readonly #caps = new Map<string, { keys: number; label: string; sealed: Promise<Uint8Array> }>()
  readonly #asked = new InTurn()

  constructor(options: SharingAnswersOptions) {
    this.#options = options
  }

  handlers(): Handlers<SharingMethods> {
    const { ownerOf, giver, owner: folders, ask } = this.#options
    return {
      list: async (peer) => ({ folders: await this.#toldTo(ownerOf(peer)) }),
      news: (peer) => {
        const owner = ownerOf(peer)
        ask({ owner, node: peer })
        return {}
      },
      version: (peer, { volume, seq }) => ({ version: giver.newer(toHex(volume), ownerOf(peer), seq) }),
      blocks: async (peer, { volume, cids }, { signal }) => ({
        blocks: await this.#blocks(ownerOf(peer), { id: toHex(volume), cids, signal }),
      }),
      offer: async (peer, { volume, version: { head, root } }) => {
        const offered = { head: head.slice(), root: root.slice() }
        return { version: await giver.take(toHex(volume), { owner: ownerOf(peer), node: peer }, offered) }
      },
      ask: async (peer, { volume, path, note }) => {
        const owner = ownerOf(peer)
        await this.#asked.run(() => this.#takeRequest(toHex(volume), { owner, path, note }))
        return {}
      },
      hand: async (peer, { volume, chain }) => {
        await folders.takeHanded(toHex(volume), ownerOf(peer), chain.map(copyOfCap))
        return {}
      },
      leave: async (peer, { volume }) => {
        const owner = ownerOf(peer)
        giver.newer(toHex(volume), owner, 0)
        await giver.change(toHex(volume), (folder) => withoutReader(folder, owner))
        return {}
      },
    }
  }

  async #takeRequest(id: string, { owner, path, note }: { owner: Principal; path: string; note: string }): Promise<void> {
    this.#options.giver.newer(id, owner, 0)
    const { crypto, clock } = this.#options
    const all = this.#options.shelf.given().flatMap(([, { requests }]) => requests)
    const waiting = all.filter((one) => one.refused === null && equalBytes(one.owner, owner)).length
    const now = nowSeconds(clock)
    const next = withRequest(this.#options.giver.get(id), { owner, path, note }, { waiting, now, id: crypto.randomBytes(8) })
    if (next !== this.#options.giver.get(id)) await this.#options.giver.change(id, (folder) => ({ ...folder, requests: next.requests }))
  }

  async #toldTo(owner: Principal): Promise<ToldFolder[]> {
    const told: ToldFolder[] = []
    const ends = this.#options.shelf.given().filter(([, { gone, readers }]) => includes(gone, owner) && !isReader(readers, owner))
    const holds = this.#options.shelf.given().filter(([, { readers }]) => isReader(readers, owner))
    for (const [id, folder] of [...holds, ...ends].slice(0, MOST_TOLD)) {
      const { id: volume } = this.#options.shelf.nameOf(folder)
      if (!isReader(folder.readers, owner)) {
        told.push({ volume, cap: null, seq: 0, chains: [], requests: [] })
        continue
      }
      const now = nowSeconds(this.#options.clock)
      const grants = folder.grants.filter((one) => isOf(one, owner) && isHolding(one, now))
      const requests = folder.requests.filter((one) => equalBytes(one.owner, owner))
      told.push({
        volume,
        cap: await this.#cap(id, folder, owner),
        seq: folder.version === null ? 0 : parseHead(folder.version.head).seq,
        chains: grants.slice(-MOST_CHAINS).map((one) => [...one]),
        requests: requests.map(({ path, refused }) => ({ path, refused: refused !== null })),
      })
    }
    return told
  }

  /** Sealed once for each key. */
  #cap(id: string, { keys, path, salt }: GivenFolder, to: Principal): Promise<Uint8Array> {
    const { crypto, keys: own } = this.#options
    const label = labelOf(path)
    const place = `${id} ${toHex(to)}`
    const known = this.#caps.get(place)
    if (known?.keys === keys.length && known.label === label) return known.sealed
    const target = { t: 'volume' as const, k: keys }
    const sealed = sealReadcap(crypto, issueReadcap(crypto, { label, owner: own.owner.publicKey, salt, target }, own.owner.seed), to)
    this.#caps.set(place, { keys: keys.length, label, sealed })
    return sealed
  }

  async #blocks(peer: Principal, { id, cids, signal }: { id: string; cids: readonly Cid[]; signal: AbortSignal }) {
    const { scopes, blocks: own } = this.#options
    await (this.#options.shelf.get(id)?.kind === 'taken-folder' ? this.#options.taker : this.#options.giver).openScope(id, peer)
    const blocks: ({ sealed: Uint8Array; class: string } | null)[] = []
    let size = 0
    for (const cid of cids) {
      const sealed = (await scopes.has(id, cid)) ? await own.store.get(cid, { signal }).catch(() => null) : null
      size += sealed?.length ?? 0
      if (blocks.length > 0 && size > ANSWER_BYTES) break
      blocks.push(sealed && { sealed, class: '' })
    }
    return blocks
  }
}

/** What a frame holds goes with it. */
function copyOfCap(cap: Writecap): Writecap {
  const { volume, issuer, subject, serial, sig } = cap
  return { ...cap, volume: volume.slice(), issuer: issuer.slice(), subject: subject.slice(), serial: serial.slice(), sig: sig.slice() }
}

function isReader(readers: GivenFolder['readers'], owner: Principal): boolean {
  return readers.some((one) => equalBytes(one.owner, owner))
}

function labelOf(path: string): string {
  const label = path.slice(path.lastIndexOf('/') + 1)
  const bytes = new TextEncoder().encode(label)
  return bytes.length <= MAX_LABEL_BYTES ? label : label.slice(0, MAX_LABEL_BYTES / 3)
}
