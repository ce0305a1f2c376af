import '../style/peers.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { PeerInfo, PeersStatus } from '../api/calls.ts'
import { api } from '../api/calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { FriendShares } from './friend-share.tsx'
import { FriendsPicture } from './friends-picture.tsx'
import { PlaceField } from './place-field.tsx'
import { PowerCard } from './power-card.tsx'
import { SafetyCard } from './safety-card.tsx'
import { scoreText } from './score-text.ts'
import { PairDialog } from './pair-dialog.tsx'
import { OwnNodes } from './own-nodes.tsx'
import { followPeers, ownNodes, peers, readPeers } from './state.ts'

/** Other nodes: those paired, and those nearby. */
export function PeersPage() {
  useEffect(followPeers, [])
  const status = peers.value
  return (
    <>
      <header class="page-head">
        <h1>{texts.peers.title}</h1>
      </header>
      <div class="peers">
        <p class="lead">{texts.peers.lead}</p>
        {status === null ? <Spinner label={texts.shell.loading} /> : <Known status={status} />}
      </div>
    </>
  )
}

function Known({ status }: { status: PeersStatus }) {
  const pairing = useSignal(false)
  const turn = useAction(async () => {
    peers.value = await api.setPeers(!status.on)
  })
  const paired = status.peers.filter(({ relation }) => relation !== null)
  const friends = paired.filter(({ relation }) => relation?.relation === 'friend')
  const strangers = status.peers.filter(({ relation, own }) => relation === null && !own)
  return (
    <>
      {status.on && !status.running && <Notice kind="warn">{status.problem ?? texts.peers.notRunning}</Notice>}
      {status.running && ownNodes.value?.running === true && <OwnNodes status={ownNodes.value} />}
      {status.running && (
        <section class="card" aria-labelledby="paired-title">
          <h2 id="paired-title">{texts.peers.paired}</h2>
          {paired.length === 0 && <p>{texts.peers.none}</p>}
          {friends.length > 0 && <FriendsPicture friends={friends} />}
          {friends.length > 0 && <p class="faint">{texts.peers.share.text}</p>}
          <ul class="peer-list">
            {paired.map((peer) => (
              <Paired key={peer.peer} peer={peer} />
            ))}
          </ul>
          <button type="button" class="button primary" onClick={() => (pairing.value = true)}>
            <Icon name="plus" />
            {texts.peers.pair}
          </button>
          <p class="peer-strangers faint">{texts.peers.nearby(strangers.length)}</p>
        </section>
      )}
      {status.running && friends.length > 0 && <SafetyCard />}
      <section class="card" aria-labelledby="peers-on-title">
        <h2 id="peers-on-title">{texts.peers.others}</h2>
        <p class="lead">{status.on ? texts.peers.onText : texts.peers.offText}</p>
        <button type="button" class="button" disabled={turn.busy.value} onClick={() => turn.run()}>
          {status.on ? texts.peers.turnOff : texts.peers.turnOn}
        </button>
      </section>
      <PowerCard />
      {friends.length > 0 && <Addresses addresses={status.addresses} />}
      {pairing.value && <PairDialog onClose={() => (pairing.value = false)} />}
    </>
  )
}

/** Those that a friend writes down. */
function Addresses({ addresses }: { addresses: readonly string[] }) {
  return (
    <section class="card" aria-labelledby="peer-addresses-title">
      <h2 id="peer-addresses-title">{texts.peers.addresses}</h2>
      <p class="lead">{texts.peers.addressesText}</p>
      <ul class="peer-addresses">
        {addresses.map((address) => (
          <li key={address}>
            <code>{address}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Paired({ peer: { peer, name, relation, connected, seen, problem, score, place } }: { peer: PeerInfo }) {
  const called = name ?? peer
  const asked = useSignal(false)
  const end = useAction(async () => {
    if (relation === null) return
    await api.endRelation(relation.id)
    toast('done', texts.peers.ended(called))
    await readPeers().catch(toastRefusal)
  })
  const met = connected ? texts.peers.connected : seen === null ? texts.peers.neverSeen : texts.peers.seen(dateText(seen))
  const state = problem === 'CAP_REVOKED' ? texts.peers.endedThere : met
  return (
    <li>
      <span class="peer-what">
        <strong>{called}</strong>
        <span class="faint">
          {relation === null ? '' : texts.peers.relations[relation.relation]} · {state}
        </span>
        {score !== undefined && <span class="faint">{scoreText(score)}</span>}
      </span>
      {asked.value ? (
        <button type="button" class="button danger" disabled={end.busy.value} onClick={() => end.run()}>
          {texts.peers.reallyEnd}
        </button>
      ) : (
        <button type="button" class="button" aria-label={texts.peers.endOf(called)} onClick={() => (asked.value = true)}>
          {texts.peers.end}
        </button>
      )}
      {relation?.share && problem !== 'CAP_REVOKED' && <FriendShares id={relation.id} name={called} share={relation.share} />}
      {relation?.relation === 'friend' && problem !== 'CAP_REVOKED' && (
        <PlaceField label={texts.peers.place.label(called)} of={relation.owner} place={place ?? null} />
      )}
    </li>
  )
}
