import '../style/network.css'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { useAction } from '../state/use-action.ts'
import { ForwardsCard } from './forwards-card.tsx'
import { GuestsCard, WifiCard } from './wifi-cards.tsx'
import { HomeCard } from './home-card.tsx'
import { InternetCard } from './internet-card.tsx'
import { NamesCard, SpeedCard } from './line-cards.tsx'
import { RemoteCard } from './remote-card.tsx'
import { discard, draft, faults, isChanged, status, trial, tryDraft, watchNetwork } from './state.ts'
import { TrialBar } from './trial-bar.tsx'
import { texts } from '../texts/texts.ts'

export function NetworkPage() {
  useEffect(watchNetwork, [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.network.title}</h1>
      </header>
      {draft.value === null || status.value === null ? <Spinner label={texts.shell.loading} /> : <Cards />}
      {trial.value !== null ? <TrialBar /> : isChanged.value && <ChangeBar />}
    </>
  )
}

function Cards() {
  const oneArmed = status.value?.oneArmed === true
  return (
    <div class="network">
      {oneArmed && <Notice>{texts.network.oneArmed}</Notice>}
      <InternetCard />
      {!oneArmed && <HomeCard />}
      {!oneArmed && <WifiCard />}
      {!oneArmed && <GuestsCard />}
      <RemoteCard />
      {!oneArmed && <ForwardsCard />}
      <SpeedCard />
      <NamesCard />
    </div>
  )
}

function ChangeBar() {
  const action = useAction(tryDraft)
  const isWrong = faults.value.length > 0
  return (
    <form class="bottom-bar" onSubmit={action.run} aria-label={texts.network.changed}>
      <p class={isWrong || action.error.value ? 'field-error' : ''} aria-live="polite">
        {action.error.value ?? (isWrong ? texts.network.faults : texts.network.changed)}
      </p>
      <button type="button" class="button" onClick={discard}>
        {texts.network.discard}
      </button>
      <button type="submit" class="button primary" disabled={action.busy.value || isWrong}>
        <Icon name="check" />
        {texts.network.try}
      </button>
    </form>
  )
}
