import type { PeerInfo } from '../api/calls.ts'
import { texts } from '../texts/texts.ts'

const HEIGHT = 210
/** From one house to the next. */
const STEP = 124
const GROUND = 168
const HOUSE = 'M-22 0v-26L0-46l22 20V0Z'
/** More than these stand in the list only. */
const MOST = 6
const NAME_LENGTH = 11

/** Whose house keeps what: this one in the middle, those of friends on both sides in turn, an arc to those that keep something or have it kept. */
export function FriendsPicture({ friends }: { friends: readonly PeerInfo[] }) {
  const shown = friends.slice(0, MOST)
  const width = 2 * STEP * (Math.ceil(shown.length / 2) + 0.6)
  const placeOf = (i: number): number => width / 2 + (i % 2 === 0 ? 1 : -1) * STEP * (Math.floor(i / 2) + 1)
  const keeping = friends.filter(({ relation }) => (relation?.share?.givenBytes ?? 0) > 0).length
  return (
    <svg class="friends" viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={texts.peers.share.picture(keeping, friends.length)}>
      <path class="friends-ground" d={`M0 ${GROUND}h${width}v${HEIGHT - GROUND}h-${width}Z`} />
      {shown.map((friend, i) => {
        const { givenBytes = 0, heldBytes = 0 } = friend.relation?.share ?? {}
        const kind = givenBytes > 0 ? 'gives' : heldBytes > 0 ? 'holds' : 'nothing'
        return <path key={friend.peer} class={`friends-way ${kind}`} d={arc(width / 2, placeOf(i))} />
      })}
      <path class="friends-house own" d={HOUSE} transform={`translate(${width / 2} ${GROUND}) scale(1.35)`} />
      {shown.map(({ peer, name, connected }, i) => (
        <g key={peer} class={connected ? 'friends-other' : 'friends-other away'} transform={`translate(${placeOf(i)} ${GROUND})`}>
          <path class="friends-house" d={HOUSE} />
          <text y="26" text-anchor="middle">
            {shortened(name ?? '')}
          </text>
        </g>
      ))}
    </svg>
  )
}

function arc(from: number, to: number): string {
  const high = GROUND - 60 - Math.abs(to - from) * 0.3
  return `M${from} ${GROUND - 62}C${from} ${high} ${to} ${high} ${to} ${GROUND - 48}`
}

function shortened(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name
}
