import type { Outlook, PeerScore } from '@holt/control/outlook.ts'
import { HoltError } from '@holt/core/errors.ts'
import { principalFromText } from '@holt/core/principal.ts'
import type { FriendFragments } from '@holt/network/fragments/friend-fragments.ts'
import type { Friend } from '@holt/network/fragments/fragments-giver.ts'
import { independent } from '@holt/network/fragments/outlook.ts'
import { availabilityOf, intactnessOf, ONE_PROOF, trustIn } from '@holt/network/scores/score.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'
import type { NodePeers } from './node-peers.ts'

type OutlookMethod = 'peers.outlook' | 'peers.place' | 'peers.wish' | 'peers.repair'

/** Calls on how safe everything is with friends, and what the owner wishes of it. */
export function outlookMethods(peers: NodePeers, tree: () => OpenTree): Methods<OutlookMethod> {
  const keeping = (): FriendFragments => {
    const { fragments } = peers.running()
    if (fragments === null) throw new HoltError('PEER_UNREACHABLE', 'this node gives friends nothing to keep')
    return fragments
  }
  const show = (): Outlook => outlookOf(keeping(), peers.running(), tree())
  return {
    'peers.outlook': async () => show(),
    'peers.place': async ({ of, place }) => {
      const network = peers.running()
      await keeping().wishes.place(of === null ? network.host.self : principalFromText(of), place === null ? null : placeName(place))
      return {}
    },
    'peers.wish': async ({ redundancyClass, nines }) => {
      await keeping().wishes.wish(redundancyClass, nines)
      keeping().spreading.soon()
      return show()
    },
    'peers.repair': async ({ goneAfterSeconds, bytesPerSecond }) => {
      await keeping().wishes.repair({
        ...(goneAfterSeconds === undefined ? {} : { goneAfterSeconds }),
        ...(bytesPerSecond === undefined ? {} : { repairBytesPerSecond: bytesPerSecond }),
      })
      return show()
    },
  }
}

function outlookOf(fragments: FriendFragments, network: PeerNetwork, { keeper }: OpenTree): Outlook {
  const about = (friend: Friend) => fragments.about(friend)
  const friends = fragments.given()
  const { owners, circles } = independent({ friends, about })
  const { goneAfterSeconds, repairBytesPerSecond } = fragments.wishes.all
  const { homePerYear, friendPerYear } = fragments.assumptions()
  const classes = keeper
    .classes()
    .map(({ name, dataFragments, totalFragments }) => ({ redundancyClass: name, dataFragments, totalFragments }))
  return {
    friends: owners,
    circles,
    settled: friends.every((friend) => fragments.isSettled(friend)),
    homePerYear,
    friendPerYear,
    goneAfterSeconds,
    repairBytesPerSecond,
    here: fragments.wishes.placeOf({ owner: network.owner, node: network.host.self }),
    classes: fragments.outlook(classes),
  }
}

/** @throws HoltError INPUT_INVALID */
function placeName(typed: string): string {
  const place = typed.normalize('NFC').trim()
  if (place === '' || place.split('').some((sign) => sign < ' ' || (sign >= '\u007f' && sign < '\u00a0')))
    throw new HoltError('INPUT_INVALID', 'a place is a word or a few', { field: 'place' })
  return place
}

/** Null of whom nothing was measured. */
export function scoreInfo(friend: Friend, network: PeerNetwork): PeerScore | null {
  const score = network.scoreOf(friend.node)
  if (score === null) return null
  return {
    trust: Math.floor(100 * trustIn(score)),
    availability: availabilityOf(score),
    intactness: intactnessOf(score),
    proofs: Math.round(score.proven / ONE_PROOF),
    faults: Math.ceil(score.failed / ONE_PROOF),
    latencyMs: score.latencyMs,
    measuredSeconds: Math.floor(score.measuredMs / 1000),
    silentSeconds: Math.floor(score.silentMs / 1000),
    gone: network.fragments?.isGone(friend) ?? false,
  }
}
