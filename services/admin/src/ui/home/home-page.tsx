import '../style/home.css'
import { useEffect } from 'preact/hooks'
import { bytesText, countText, numberText } from '../format.ts'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { hrefOf } from '../state/location.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { type Facts, facts, watchFacts } from './facts.ts'
import { headline, type Level, type Statement, statementsOf } from './statements.ts'
import { Wood } from './wood.tsx'

const icons: Record<Level, IconName> = { bad: 'warning', warn: 'warning', info: 'info', good: 'check' }

/** Is everything safe? A picture, then words; each leads to where one acts. */
export function HomePage() {
  useEffect(() => watchFacts(toastRefusal), [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.home.title}</h1>
      </header>
      {facts.value === null ? <Spinner label={texts.shell.loading} /> : <Whole facts={facts.value} />}
    </>
  )
}

function Whole({ facts }: { facts: Facts }) {
  const first = headline(facts)
  const all = statementsOf(facts)
  const needed = all.filter(({ level }) => level === 'bad' || level === 'warn')
  return (
    <div class="home">
      <section class={`safety ${first.level}`}>
        <Wood facts={facts} />
        <div class="safety-words">
          <span class="safety-mark">
            <Icon name={first.level === 'good' ? 'shield' : 'warning'} size={30} />
          </span>
          <div>
            <h2>{first.title}</h2>
            {first.text !== undefined && <p>{first.text}</p>}
          </div>
          <a class="button" href={hrefOf({ page: first.page })}>
            {texts.home.look}
          </a>
        </div>
        <Figures facts={facts} />
      </section>
      <Said title={texts.home.needs} none={texts.home.needsNothing} statements={needed} />
      <Said title={texts.home.now} statements={all.filter(({ level }) => level === 'info')} />
      <Said title={texts.home.well} statements={all.filter(({ level }) => level === 'good')} />
    </div>
  )
}

function Figures({ facts: { status, classes, drives } }: { facts: Facts }) {
  const losses = classes.map(({ lossesSurvived }) => lossesSurvived)
  const { store } = status
  return (
    <dl class="home-figures">
      <div title={texts.storage.storedTerm(store.blocks, store.packs)}>
        <dt>{texts.storage.stored}</dt>
        <dd>{bytesText(store.packBytes)}</dd>
      </div>
      <div>
        <dt>{texts.storage.drives}</dt>
        <dd>{numberText(drives.filter(({ state }) => state === 'ok' || state === 'full').length)}</dd>
      </div>
      <div title={texts.home.lossesTerm}>
        <dt>{texts.home.losses}</dt>
        <dd>{losses.length === 0 ? '–' : numberText(Math.max(0, Math.min(...losses)))}</dd>
      </div>
      <div>
        <dt>{texts.home.unspread}</dt>
        <dd>{store.unspreadBytes === 0 ? texts.home.nothing : bytesText(store.unspreadBytes)}</dd>
      </div>
      <div>
        <dt>{texts.home.unmended}</dt>
        <dd>{store.degradedPacks === 0 ? texts.home.nothing : countText(store.degradedPacks, texts.home.pack, texts.home.packs)}</dd>
      </div>
    </dl>
  )
}

function Said({ title, statements, none }: { title: string; statements: readonly Statement[]; none?: string }) {
  if (statements.length === 0 && none === undefined) return null
  return (
    <section class="said">
      <h2>{title}</h2>
      {statements.length === 0 ? (
        <p class="said-none">
          <Icon name="check" />
          {none}
        </p>
      ) : (
        <ul>
          {statements.map(({ level, title: text, text: more, page }) => (
            <li key={text}>
              <a class={`statement ${level}`} href={hrefOf({ page })}>
                <Icon name={icons[level]} />
                <span class="statement-words">
                  <strong>{text}</strong>
                  {more !== undefined && <span>{more}</span>}
                </span>
                <Icon name="forward" size={18} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
