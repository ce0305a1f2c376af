import type { PackInfo } from '@holt/control/block-tree.ts'
import type { PairingCodeInfo, PeerInfo, RelationInfo } from '@holt/control/peers.ts'
import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Principal, principalFromText, principalToText } from '@holt/core/principal.ts'
import { showPairingCode } from '@holt/network/pairing/pairing-code.ts'
import type { OpenCode } from '@holt/network/pairing/pairing-host.ts'
import type { KnownPeer, PeerNetwork } from '@holt/network/peers/peer-network.ts'
import type { Party, SignedRelation } from '@holt/network/relations/relation.ts'
import { scoreInfo } from './outlook-methods.ts'

/** What calls answer of other nodes. */
export function peerInfo({ peer, seenMs, relation, addresses, ...others }: KnownPeer, network: PeerNetwork): PeerInfo {
  const { host, relations, fragments } = network
  const owner = relation !== null ? relations.other(relation, host.self).owner : others.own ? network.owner : null
  const friend = owner === null ? null : { owner, node: peer }
  const score = friend === null ? null : scoreInfo(friend, network)
  const place = friend === null ? null : (fragments?.wishes.placeOf(friend) ?? null)
  return {
    ...others,
    ...(score === null ? {} : { score }),
    ...(place === null ? {} : { place }),
    peer: principalToText(peer),
    relation: relation === null ? null : relationInfo(relation, relations.other(relation, host.self), network),
    addresses: [...addresses],
    seen: seenMs === null ? null : Math.floor(seenMs / 1000),
  }
}

function relationInfo({ id, relation, made }: SignedRelation, other: Party, network: PeerNetwork): RelationInfo {
  const { fragments } = network
  const share =
    relation === 'friend' && fragments !== null ? { share: { ...fragments.balance(other.owner), newest: newestAt(other, network) } } : {}
  return { id: toHex(id), relation, made, owner: principalToText(other.owner), ...share }
}

/** Since when at least one node of the friend has everything. */
function newestAt({ owner }: Party, network: PeerNetwork): number | null {
  const nodes = network.friends().filter((friend) => equalBytes(friend.owner, owner))
  const times = nodes.flatMap((friend) => network.newest?.giver.asOfMs(friend) ?? [])
  return times.length === 0 ? null : Math.floor(Math.max(...times) / 1000)
}

/** Who of friends keeps what of a pack. */
export function friendsOfPack(pack: string, network: PeerNetwork | null): NonNullable<PackInfo['friends']> {
  const given = network?.fragments?.book.ofPack(pack).filter(({ release }) => release === null) ?? []
  return given
    .map(({ index, agreement, placed }) => ({
      index,
      peer: principalToText(agreement.holder.node),
      state: placed ? ('good' as const) : ('unsure' as const),
      until: agreement.until,
    }))
    .sort((a, b) => a.index - b.index)
}

export function codeInfo(open: OpenCode, { host, relations }: PeerNetwork): PairingCodeInfo {
  const { relation, endsMs, triesLeft, paired } = open
  const code = showPairingCode(open.code)
  return {
    code,
    link: linkOf(code, host.addresses()),
    relation,
    ends: Math.floor(endsMs / 1000),
    triesLeft,
    paired: paired === null ? null : principalToText(relations.other(paired, host.self).node),
  }
}

/** Few addresses: a QR code that is large is hard to read. */
const MOST_IN_LINK = 2

export function linkOf(code: string, addresses: readonly string[]): string {
  const query = new URLSearchParams([
    ['code', code],
    ...addresses.slice(0, MOST_IN_LINK).map((address) => ['at', address] as [string, string]),
  ])
  return `holt:pair?${query.toString()}`
}

/** What was typed or read: a code, or the link of one. @throws HoltError INPUT_INVALID */
export function readCodeOrLink(text: string): { code: string; at: string[] } {
  const [, query] = /^\s*holt:pair\?(\S+)\s*$/.exec(text) ?? []
  if (query === undefined) return { code: text, at: [] }
  const fields = new URLSearchParams(query)
  return { code: fields.get('code') ?? '', at: fields.getAll('at') }
}

/** @throws HoltError INPUT_INVALID for an address that does not say whose it is. */
export function placeOf(address: string): { peer: Principal; address: string } {
  const [, where, who] = /^(\/[\w./:-]{1,256})\/p2p\/(\w{1,64})$/.exec(address) ?? []
  if (where === undefined || who === undefined)
    throw new HoltError('INPUT_INVALID', 'an address of a node is like /ip4/192.168.7.2/tcp/4660/p2p/12D3Koo…', { field: 'at' })
  return { peer: principalFromText(who), address: where }
}

/** One at which this node says that it is. @throws HoltError INPUT_INVALID */
export function mustBeAddress(address: string): void {
  if (/^\/(ip4|ip6|dns|dns4|dns6)\/[\w.:-]{1,253}\/tcp\/\d{1,5}(\/ws)?$/.test(address)) return
  throw new HoltError('INPUT_INVALID', 'an address to announce is like /ip4/203.0.113.7/tcp/4660 or /dns4/box.example/tcp/4660', {
    field: 'announce',
  })
}
