import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { api, type ClassOutlook } from '../api/calls.ts'
import { durationText } from '../format.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { PlaceField } from './place-field.tsx'
import { outlook } from './state.ts'

const WISHES = [4, 6, 9, 11, 13]

/** What may be expected with the friends there are, class by class, and what is missing for what is wished. */
export function SafetyCard() {
  const words = texts.peers.safety
  const found = outlook.value
  if (found === null) return null
  const { friends, circles, settled, homePerYear, friendPerYear, goneAfterSeconds, here, classes } = found
  // of directories, which are kept better than anything else, nothing is to be chosen
  const shown = classes.filter(({ packs, redundancyClass: name }) => name === 'standard' || (packs > 0 && name !== 'names'))
  return (
    <section class="card" aria-labelledby="safety-title">
      <h2 id="safety-title">{words.title}</h2>
      <p class="lead">{friends === 0 ? words.none : words.friends(friends, circles)}</p>
      {friends > 0 && (
        <ul class="safety-list">
          {shown.map((one) => (
            <Safety key={one.redundancyClass} of={one} />
          ))}
        </ul>
      )}
      {friends > 0 && !settled && <p>{words.early}</p>}
      <PlaceField label={texts.peers.place.here} of={null} place={here} />
      <p class="faint">
        {words.reckoned(Math.round(1 / homePerYear), Math.round(1 / friendPerYear))} {words.silence(durationText(goneAfterSeconds))}
      </p>
    </section>
  )
}

function Safety({ of: { redundancyClass, nines, lossPerYear, plannedLossPerYear, moreFriends } }: { of: ClassOutlook }) {
  const id = useId()
  const words = texts.peers.safety
  const names: Readonly<Record<string, string>> = texts.plans.classes.names
  const name = Object.hasOwn(names, redundancyClass) ? (names[redundancyClass] as string) : redundancyClass
  const [now, planned] = [filesPerLoss(lossPerYear ?? plannedLossPerYear), filesPerLoss(plannedLossPerYear)]
  const wanted = useSignal(nines)
  const set = useAction(async () => {
    outlook.value = await api.wishOfClass(redundancyClass, wanted.value)
    toast('done', words.wished)
  })
  const missing = moreFriends === 0 ? words.reached : moreFriends === null ? words.tooLittle : words.more(moreFriends)
  return (
    <li>
      <p>
        <strong>{name}</strong> {words.lost(now)} {planned !== now && planned > 1 && words.later(planned)} {missing}
      </p>
      <div class="field">
        <label for={id}>{words.wish(name)}</label>
        <select
          id={id}
          disabled={set.busy.value}
          onChange={({ currentTarget: { value } }) => {
            wanted.value = Number(value)
            set.run()
          }}
        >
          {[...new Set([...WISHES, nines])]
            .sort((a, b) => a - b)
            .map((one) => (
              <option key={one} value={one} selected={one === nines}>
                {words.wishes(10 ** one)}
              </option>
            ))}
        </select>
      </div>
      {set.error.value && <p class="field-error">{set.error.value}</p>}
    </li>
  )
}

/** Of so many files one is lost; rounded down to two digits, so that never more is said than was reckoned. */
export function filesPerLoss(chance: number): number {
  const count = Math.min(1e15, (1 + 1e-9) / Math.max(chance, 1e-15))
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1)
  return Math.floor(Math.floor(count / unit) * unit)
}
