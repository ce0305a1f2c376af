import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { isHoltError, HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { type EndpointBook, RECORD_LASTS_SECONDS } from '../endpoints/endpoint-book.ts'
import { decodeEndpoints, encodeEndpoints, MAX_ADDRESS_BYTES, MAX_ADDRESSES, signEndpoints } from '../endpoints/endpoint-record.ts'
import { decodeRelation, encodeRelation } from '../relations/relation.ts'
import type { RelationBook } from '../relations/relation-book.ts'
import { fitting, type Word } from './peer-protocol.ts'

export interface AcquaintanceOptions {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  relations: RelationBook
  endpoints: EndpointBook
}

/** Records are renewed long before their time is over: a peer that was away for a week still finds one that holds. */
const RENEWED_BEFORE_SECONDS = RECORD_LASTS_SECONDS - 24 * 3600

/** Whom this node knows by relations and records, and what it says to them and takes from them. */
export class Acquaintances {
  readonly #options: AcquaintanceOptions
  /** What follows from the two books, as of their revisions: asked with every request of a peer. */
  #known: { of: string; nodes: Map<string, { node: Principal; owner: Principal }> } = { of: '', nodes: new Map() }

  constructor(options: AcquaintanceOptions) {
    this.#options = options
  }

  /** Owners with whom a relation holds. */
  isPartner(owner: Principal): boolean {
    const { relations, keys } = this.#options
    if (equalBytes(owner, keys.owner.publicKey)) return true
    return relations.list().some(({ host, guest }) => equalBytes(host.owner, owner) || equalBytes(guest.owner, owner))
  }

  /** Nodes by which a relation was made, or that their partner's owner signed. */
  nodes(): { node: Principal; owner: Principal }[] {
    return [...this.#byName().values()]
  }

  #byName(): Map<string, { node: Principal; owner: Principal }> {
    const { relations, endpoints, keys } = this.#options
    const of = `${relations.revision} ${endpoints.revision}`
    if (this.#known.of === of) return this.#known.nodes
    const nodes = new Map<string, { node: Principal; owner: Principal }>()
    const add = (owner: Principal, node: Principal): void => {
      if (!equalBytes(node, keys.node.publicKey)) nodes.set(toHex(node), { node, owner })
    }
    for (const { host, guest } of relations.list())
      for (const { owner, node } of [host, guest]) {
        add(owner, node)
        for (const record of endpoints.of(owner)) add(owner, record.node)
      }
    for (const record of endpoints.of(keys.owner.publicKey)) add(record.owner, record.node)
    this.#known = { of, nodes }
    return nodes
  }

  ownerOf(node: Principal): Principal | null {
    return this.#byName().get(toHex(node))?.owner ?? null
  }

  /** Signs where this node is now, when that is new or the last record grows old. @returns whether it did. */
  async renew(addresses: readonly string[]): Promise<boolean> {
    const { crypto, clock, keys, endpoints } = this.#options
    const own = endpoints.get(keys.node.publicKey)
    const told = addresses.filter((address) => address.length <= MAX_ADDRESS_BYTES).slice(0, MAX_ADDRESSES)
    const now = nowSeconds(clock)
    const isSame = own !== null && own.addresses.join() === told.join()
    if (isSame && own.expires > now + RENEWED_BEFORE_SECONDS && own.expires <= now + RECORD_LASTS_SECONDS) return false
    const seq = Math.max((own?.seq ?? 0) + 1, Math.floor(clock.nowMs()))
    await endpoints.take(signEndpoints(crypto, { seq, expires: now + RECORD_LASTS_SECONDS, addresses: told }, keys))
    return true
  }

  /** What a partner is told: the relations between the two, to one's own nodes all; and where one's own nodes are. */
  wordFor(owner: Principal): Word {
    const { keys } = this.#options
    const ours = equalBytes(owner, keys.owner.publicKey)
    const between = this.#options.relations
      .list()
      .filter(({ host, guest }) => ours || equalBytes(host.owner, owner) || equalBytes(guest.owner, owner))
    return { relations: fitting.relations(between.map(encodeRelation)), records: this.recordsOf(keys.owner.publicKey) }
  }

  /** Where this node said last that it is. */
  ownRecord(): Uint8Array | null {
    const { endpoints, keys } = this.#options
    const own = endpoints.get(keys.node.publicKey)
    return own === null ? null : encodeEndpoints(own)
  }

  recordsOf(owner: Principal): Uint8Array[] {
    const now = nowSeconds(this.#options.clock)
    const holding = this.#options.endpoints.of(owner).filter(({ expires }) => expires >= now)
    // its own first: of many nodes not all fit
    const self = this.#options.keys.node.publicKey
    holding.sort((a, b) => Number(equalBytes(b.node, self)) - Number(equalBytes(a.node, self)))
    return fitting.records(holding.map(encodeEndpoints))
  }

  /** Takes of what a peer said whatever holds. @returns the code of why a relation was refused, if one was. */
  async hear({ relations, records }: Word): Promise<string | null> {
    let refused: string | null = null
    for (const bytes of relations) refused = (await refusal(() => this.#options.relations.add(decodeRelation(bytes)))) ?? refused
    for (const bytes of records) await refusal(() => this.#options.endpoints.take(decodeEndpoints(bytes)))
    return refused
  }

  /** @throws HoltError NOT_AUTHORIZED; CAP_REVOKED for who had a relation. */
  mustBePartner(node: Principal, refused: string | null): Principal {
    const owner = this.ownerOf(node)
    if (owner !== null) return owner
    if (refused === 'CAP_REVOKED') throw new HoltError('CAP_REVOKED', 'the relation was ended')
    throw new HoltError('NOT_AUTHORIZED', 'the two nodes are not paired')
  }
}

/** A peer's word is judged piece by piece; what of it fails must not keep out the rest. Faults of our own are thrown. */
async function refusal(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (!isHoltError(error) || ['IO_FAILED', 'DISK_FULL', 'STORE_FAILED', 'INTERNAL'].includes(error.code)) throw error
    return error.code
  }
}
