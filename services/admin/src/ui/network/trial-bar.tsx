import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { useAction } from '../state/use-action.ts'
import { goBack, keep, readNetwork, settings, trial } from './state.ts'
import { texts } from '../texts/texts.ts'

/** Counts down to the return of the settings before; a person who can press the button was not cut off. */
export function TrialBar() {
  const left = useSeconds(trial.value?.endsMs ?? 0)
  const keeping = useAction(keep)
  const going = useAction(goBack)
  const address = trial.value?.settings.lan.address
  const moved = address !== undefined && address !== settings.value?.lan.address
  const busy = keeping.busy.value || going.busy.value
  return (
    <form class="bottom-bar trial" onSubmit={keeping.run} aria-label={texts.network.trial.title}>
      <div class="trial-words">
        <strong>{texts.network.trial.title}</strong>
        <p role="timer">{texts.network.trial.text(left)}</p>
        {moved && <p>{texts.network.trial.moved(address)}</p>}
        <p class="field-error" aria-live="polite">
          {keeping.error.value ?? going.error.value}
        </p>
      </div>
      <button type="button" class="button" onClick={going.run} disabled={busy}>
        <Icon name="history" />
        {texts.network.trial.back}
      </button>
      <button type="submit" class="button primary" disabled={busy}>
        <Icon name="check" />
        {texts.network.trial.keep}
      </button>
    </form>
  )
}

function useSeconds(endsMs: number): number {
  const left = useSignal(secondsUntil(endsMs))
  useEffect(() => {
    left.value = secondsUntil(endsMs)
    const timer = setInterval(() => {
      left.value = secondsUntil(endsMs)
      if (left.value === 0) readNetwork().catch(() => {})
    }, 500)
    return () => clearInterval(timer)
  }, [endsMs])
  return left.value
}

function secondsUntil(endsMs: number): number {
  return Math.max(0, Math.ceil((endsMs - Date.now()) / 1000))
}
