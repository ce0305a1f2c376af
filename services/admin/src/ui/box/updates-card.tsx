import type { Updates } from '../api/calls.ts'
import { Installing } from './installing.tsx'
import { Offers } from './offers.tsx'
import { Part } from './part.tsx'
import { PlanForm } from './plan-form.tsx'
import { Running, VersionNotices, waitingOf } from './running-version.tsx'
import { updates } from './state.ts'
import { texts } from '../texts/texts.ts'

/** Which version runs, which ones could, and when they do by themselves. */
export function UpdatesCard() {
  return (
    <Part title={texts.box.updates.title} from="updates" shown={updates.value} wide>
      {(shown) => (shown.status.available ? <Shown {...shown} /> : <p class="lead">{texts.box.updates.none}</p>)}
    </Part>
  )
}

function Shown({ status, plan }: Updates) {
  const waiting = waitingOf(status)?.version
  return (
    <>
      <Running status={status} />
      <VersionNotices status={status} />
      <Installing />
      {plan !== null && <Offers offers={plan.offers.filter(({ version }) => version !== waiting)} />}
      {plan !== null && <PlanForm state={plan} />}
    </>
  )
}
