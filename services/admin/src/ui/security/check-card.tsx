import type { Check } from '../api/security-calls.ts'
import { Icon, type IconName } from '../parts/icons.tsx'
import { hrefOf, type Place } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { checks } from './state.ts'

const icons: Record<Check['state'], IconName> = { good: 'check', look: 'info', bad: 'warning' }

/** Where each can be acted upon; on this page itself by the part with that id. */
const places: Record<Check['id'], Place | string> = {
  kit: { page: 'owner' },
  drives: { page: 'storage' },
  spare: { page: 'storage' },
  https: { page: 'owner' },
  passkey: 'passkeys',
  people: 'people',
  sessions: 'sessions',
  tokens: 'tokens',
  ssh: { page: 'box' },
  forwards: { page: 'network' },
  updates: { page: 'box' },
  lock: { page: 'box' },
}

const order: Record<Check['state'], number> = { bad: 0, look: 1, good: 2 }

/** "Is it secure?": what is wrong first, each with the way to act. */
export function CheckCard() {
  const found = checks.value
  if (found === null) return null
  const [bad, look] = (['bad', 'look'] as const).map((state) => found.filter((one) => one.state === state).length) as [number, number]
  const sorted = [...found].sort((a, b) => order[a.state] - order[b.state])
  return (
    <section class="card check-card" aria-labelledby="check-title">
      <header class={`check-head ${bad > 0 ? 'bad' : look > 0 ? 'look' : 'good'}`}>
        <Icon name="shield" size={36} />
        <div>
          <h2 id="check-title">{texts.security.check.title}</h2>
          <p>{bad > 0 ? texts.security.check.bad(bad) : look > 0 ? texts.security.check.look(look) : texts.security.check.good}</p>
        </div>
      </header>
      <ul class="check-list">
        {sorted.map((one) => (
          <CheckRow key={one.id} check={one} />
        ))}
      </ul>
    </section>
  )
}

function CheckRow({ check: { id, state, count } }: { check: Check }) {
  const words = texts.security.checks[id]
  return (
    <li class={`check ${state}`}>
      <Icon name={icons[state]} />
      <span class="check-text">
        <span class="visually-hidden">{texts.security.check.states[state]}: </span>
        {state === 'good' ? words.good : words.act(count)}
      </span>
      {state !== 'good' && <Act place={places[id]} name={words.name} />}
    </li>
  )
}

function Act({ place, name }: { place: Place | string; name: string }) {
  const label = texts.security.check.go(name)
  if (typeof place !== 'string')
    return (
      <a class="button" href={hrefOf(place)} aria-label={label}>
        {texts.security.check.act}
      </a>
    )
  const show = (): void => {
    const part = document.getElementById(place)
    part?.scrollIntoView()
    part?.focus()
  }
  return (
    <button type="button" class="button" aria-label={label} onClick={show}>
      {texts.security.check.act}
    </button>
  )
}
