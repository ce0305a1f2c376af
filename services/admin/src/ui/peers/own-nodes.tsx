import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { clusterApi, type ClusterNodeInfo, type ClusterStatus } from '../api/cluster-calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { hrefOf } from '../state/location.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { ownNodes } from './state.ts'

/** Merges of late that are shown; what was before stands in the versions of each file. */
const MOST_MERGED = 5
const ALL = 'all'

/** The owner's own nodes: who is behind, who leads, and what was changed on two of them apart. */
export function OwnNodes({ status }: { status: ClusterStatus }) {
  const inviting = useSignal(false)
  const { nodes, merged, missingBlocks } = status
  const words = texts.peers.own
  return (
    <section class="card" aria-labelledby="own-nodes-title">
      <h2 id="own-nodes-title">{words.title}</h2>
      <p class="lead">{nodes.length === 0 ? words.alone : words.text}</p>
      <ul class="peer-list">
        <Here status={status} />
        {nodes.map((node) => (
          <Other key={node.peer} node={node} leads={status.leader === node.peer} />
        ))}
      </ul>
      {missingBlocks > 0 && <p class="faint">{words.missing}</p>}
      {nodes.length > 0 && <Leader status={status} />}
      {merged.length > 0 && <Merged merged={merged} />}
      <button type="button" class="button primary" onClick={() => (inviting.value = true)}>
        <Icon name="plus" />
        {words.add}
      </button>
      {inviting.value && <InviteDialog onClose={() => (inviting.value = false)} />}
    </section>
  )
}

/** This node, and how it is called. */
function Here({ status: { name, self, leader } }: { status: ClusterStatus }) {
  const typed = useSignal<string | null>(null)
  const words = texts.peers.own
  const set = useAction(async () => {
    ownNodes.value = await clusterApi.setName((typed.value ?? '').trim())
    typed.value = null
    toast('done', words.named)
  })
  return (
    <li>
      {typed.value === null ? (
        <>
          <span class="peer-what">
            <strong>{name === '' ? words.here : name}</strong>
            <span class="faint">{[...(name === '' ? [] : [words.here]), ...(leader === self ? [words.leads] : [])].join(' · ')}</span>
          </span>
          <button type="button" class="button" onClick={() => (typed.value = name)}>
            {words.rename}
          </button>
        </>
      ) : (
        <form class="own-name" onSubmit={set.run}>
          <input
            aria-label={words.nameOf}
            value={typed.value}
            maxLength={32}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
          <button type="submit" class="button primary" disabled={set.busy.value}>
            {words.keepName}
          </button>
          {set.error.value && <p class="field-error">{set.error.value}</p>}
        </form>
      )}
    </li>
  )
}

function Other({ node: { peer, name, standing, heard, problem }, leads }: { node: ClusterNodeInfo; leads: boolean }) {
  const words = texts.peers.own
  const state = problem === null ? words.standings[standing] : heard === null ? words.neverHeard : words.away(dateText(heard))
  return (
    <li>
      <span class="peer-what">
        <strong>{name ?? peer}</strong>
        <span class="faint">{[state, ...(leads ? [words.leads] : [])].join(' · ')}</span>
      </span>
    </li>
  )
}

/** One that leads whenever it runs, or whom more than half elect. */
function Leader({ status: { self, nodes, name, voters } }: { status: ClusterStatus }) {
  const select = useId()
  const words = texts.peers.own
  const wanted = useSignal<readonly string[]>([])
  const set = useAction(async () => {
    ownNodes.value = await clusterApi.setVoters(wanted.value)
    toast('done', words.leaderKept)
  })
  const everybody = [...(self === null ? [] : [{ peer: self, name: name === '' ? words.here : name }]), ...nodes]
  const now = voters.length === 0 ? '' : voters.length === 1 ? voters[0] : ALL
  const choose = (value: string): void => {
    if (value === '') return
    wanted.value = value === ALL ? everybody.map(({ peer }) => peer) : [value]
    set.run()
  }
  return (
    <div class="field">
      <label for={select}>{words.leader}</label>
      <select id={select} disabled={set.busy.value} onChange={({ currentTarget: { value } }) => choose(value)}>
        {now === '' && (
          <option value="" selected>
            {words.nobodyLeads}
          </option>
        )}
        {everybody.map(({ peer, name: called }) => (
          <option key={peer} value={peer} selected={peer === now}>
            {words.always(called ?? peer)}
          </option>
        ))}
        {everybody.length > 2 && (
          <option value={ALL} selected={now === ALL}>
            {words.elected}
          </option>
        )}
      </select>
      <p class="field-hint">{words.leaderText}</p>
      {set.error.value && <p class="field-error">{set.error.value}</p>}
    </div>
  )
}

function Merged({ merged }: { merged: ClusterStatus['merged'] }) {
  const words = texts.peers.own
  return (
    <>
      <h3>{words.merged}</h3>
      <p class="faint">{words.mergedText}</p>
      <ul class="merged-files">
        {[...merged]
          .reverse()
          .slice(0, MOST_MERGED)
          .map(({ path, at, by }) => (
            <li key={`${at} ${by} ${path}`}>
              <a href={hrefOf({ page: 'files', path: path.slice(0, path.lastIndexOf('/')) || '/' })}>{path}</a>
              <span class="faint">{dateText(at)}</span>
            </li>
          ))}
      </ul>
    </>
  )
}
