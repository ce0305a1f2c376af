import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { type PowerChoice, powerApi, type PowerStatus } from '../api/power-calls.ts'
import { Choice, Switch } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

/** null where the node does not run on a phone, and before that is known. */
const power = signal<PowerStatus | null>(null)

async function read(): Promise<void> {
  const { phone } = await api.status()
  if (phone === true) power.value = await powerApi.status()
}

function change(choice: PowerChoice): void {
  powerApi.set(choice).then((status) => {
    power.value = status
  }, toastRefusal)
}

/** What it may cost a phone to be among others. */
export function PowerCard() {
  useEffect(() => void read().catch(toastRefusal), [])
  const words = texts.peers.power
  const status = power.value
  if (status === null) return null
  return (
    <section class="card" aria-labelledby="power-title">
      <h2 id="power-title">{words.title}</h2>
      <p class="lead">{words.text}</p>
      {status.waitsFor !== null && <Notice kind="info">{words.waits[status.waitsFor]}</Notice>}
      <Choice label={words.network} value={status.network} texts={words.networks} onChoose={(network) => change({ network })} />
      <Switch label={words.charging} hint={words.chargingText} value={status.charging} onChange={(charging) => change({ charging })} />
      <Switch label={words.always} hint={words.alwaysText} value={status.always} onChange={(always) => change({ always })} />
    </section>
  )
}
