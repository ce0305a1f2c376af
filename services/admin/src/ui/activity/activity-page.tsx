import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import '../style/activity.css'
import { type Activity, type PersonInfo, securityApi } from '../api/security-calls.ts'
import { clockText, exactDateText } from '../format.ts'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Choice } from '../parts/inputs.tsx'
import { Spinner } from '../parts/progress.tsx'
import { isOwner } from '../state/session.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { listen } from './live.ts'

const DAY_MS = 86_400_000
const spans = { all: 0, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const
const kinds = [
  'files',
  'trash',
  'session',
  'people',
  'passkeys',
  'tokens',
  'programs',
  'storage',
  'jobs',
  'network',
  'box',
  'key',
  'notices',
  'setup',
] as const

const icons: Readonly<Record<string, IconName>> = {
  files: 'folder',
  trash: 'trash',
  session: 'user',
  people: 'user',
  passkeys: 'key',
  tokens: 'key',
  programs: 'programs',
  key: 'key',
  storage: 'drive',
  jobs: 'wrench',
  network: 'network',
  box: 'box',
  notices: 'bell',
}

/** Who did what, when. */
export function ActivityPage() {
  const who = useSignal('all')
  const kind = useSignal('all')
  const span = useSignal<keyof typeof spans>('all')
  const entries = useSignal<Activity[] | null>(null)
  const more = useSignal(false)
  const others = useSignal<PersonInfo[]>([])
  const filter = () => ({
    ...(who.value === 'all' ? {} : { person: who.value === 'strangers' ? '' : who.value }),
    ...(kind.value === 'all' ? {} : { kind: kind.value }),
    ...(span.value === 'all' ? {} : { fromMs: Date.now() - spans[span.value] }),
  })
  const read = (before?: number): void => {
    securityApi.activity({ ...filter(), ...(before === undefined ? {} : { before }) }).then((page) => {
      entries.value = before === undefined ? page.entries : [...(entries.value ?? []), ...page.entries]
      more.value = page.more
    }, toastRefusal)
  }
  useEffect(() => read(), [who.value, kind.value, span.value])
  useEffect(() => {
    if (isOwner.value)
      securityApi.people().then((answer) => {
        others.value = answer.people
      }, toastRefusal)
    // What is new is read with the filter that holds now.
    return listen({ activity: () => read(), gap: () => read() })
  }, [])
  const names = {
    all: texts.activity.everybody,
    owner: texts.activity.owner,
    ...Object.fromEntries(others.value.map(({ id, name }) => [id, name])),
  }
  return (
    <>
      <header class="page-head">
        <h1>{texts.activity.title}</h1>
      </header>
      <div class="activity-filters">
        {isOwner.value && (
          <Choice
            label={texts.activity.who}
            value={who.value}
            texts={{ ...names, strangers: texts.activity.strangers }}
            onChoose={(value) => (who.value = value)}
          />
        )}
        <Choice label={texts.activity.kind} value={kind.value} texts={kindTexts()} onChoose={(value) => (kind.value = value)} />
        <Choice label={texts.activity.span} value={span.value} texts={texts.activity.spans} onChoose={(value) => (span.value = value)} />
      </div>
      {entries.value === null ? <Spinner label={texts.shell.loading} /> : <Entries entries={entries.value} />}
      {more.value && (
        <button type="button" class="button activity-more" onClick={() => read(entries.value?.at(-1)?.n)}>
          {texts.activity.more}
        </button>
      )}
    </>
  )
}

function kindTexts(): Record<string, string> {
  const words: Readonly<Record<string, string>> = texts.activity.kinds
  return { all: texts.activity.everything, ...Object.fromEntries(kinds.map((kind) => [kind, words[kind] ?? kind])) }
}

function Entries({ entries }: { entries: readonly Activity[] }) {
  if (entries.length === 0) return <p class="lead">{texts.activity.nothing}</p>
  return (
    <ol class="activity-list">
      {entries.map((entry) => (
        <Line key={entry.n} entry={entry} />
      ))}
    </ol>
  )
}

function Line({ entry: { timeMs, person: id, name, what, kind, about, count, address, token, refused } }: { entry: Activity }) {
  const doings: Readonly<Record<string, string>> = texts.activity.what
  const kindNames: Readonly<Record<string, string>> = texts.activity.kinds
  const who = id === '' ? texts.activity.stranger : id === 'owner' ? texts.activity.owner : name
  return (
    <li class={refused === null ? 'activity-line' : 'activity-line refused'}>
      <Icon name={refused === null ? (icons[kind] ?? 'info') : 'warning'} />
      <div class="activity-what">
        <p>
          <strong>{who}</strong> <span title={what}>{doings[what] ?? kindNames[kind] ?? what}</span>
          {refused !== null && <span class="chip missing">{texts.activity.refused}</span>}
        </p>
        {about !== '' && (
          <p class="activity-about">
            <bdi>{about}</bdi>
            {count > 1 && <span class="faint"> {texts.activity.andMore(count - 1)}</span>}
          </p>
        )}
        {about === '' && count > 1 && <p class="faint">{texts.activity.times(count)}</p>}
        <p class="faint">
          <time dateTime={new Date(timeMs).toISOString()} title={exactDateText(timeMs / 1000)}>
            {clockText(timeMs / 1000)}
          </time>{' '}
          · {address}
          {token !== null && ` · ${texts.activity.byProgram}`}
        </p>
      </div>
    </li>
  )
}
