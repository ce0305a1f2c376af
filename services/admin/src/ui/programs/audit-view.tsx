import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type AuditPage, programApi } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Choice } from '../parts/inputs.tsx'
import { Spinner } from '../parts/progress.tsx'
import { go, hrefOf } from '../state/location.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { programs, whileLooking } from './state.ts'
import { UseList } from './use-list.tsx'

const PAGE = 50
type How = 'every' | 'done' | 'refused'
const EVERY = '*'

/** Every use of a power that is still known, the newest first. @param of one program's; null: all. */
export function AuditView({ of }: { of: string | null }) {
  const words = texts.programs.uses
  const power = useSignal(EVERY)
  const how = useSignal<How>('every')
  const page = useSignal<AuditPage | null>(null)
  /** What came since the page was read is told, and not pushed under somebody's eyes. */
  const isOld = useSignal(false)
  const filter = () => ({
    ...(of === null ? {} : { id: of }),
    ...(power.value === EVERY ? {} : { power: power.value }),
    ...(how.value === 'every' ? {} : { refused: how.value === 'refused' }),
  })
  const read = async (before?: number): Promise<void> => {
    const found = await programApi.audit({ ...filter(), limit: PAGE, ...(before === undefined ? {} : { before }) })
    page.value = before === undefined ? found : { ...found, uses: [...(page.value?.uses ?? []), ...found.uses] }
    if (before === undefined) isOld.value = false
  }
  useEffect(() => {
    read().catch(toastRefusal)
  }, [power.value, how.value])
  useEffect(
    () =>
      whileLooking(async () => {
        const { uses } = await programApi.audit({ ...filter(), limit: 1 })
        const [newest] = uses
        if (newest !== undefined && page.value !== null) isOld.value = newest.number > (page.value.uses[0]?.number ?? 0)
      }),
    [],
  )
  const titles = new Map(page.value?.programs.map(({ id, title }) => [id, title]))
  return (
    <>
      <a class="program-back" href={hrefOf({ page: 'programs', ...(of === null ? {} : { path: `/${of}` }) })}>
        <Icon name="back" size={16} />
        {of === null ? texts.programs.back : texts.programs.about(titles.get(of) ?? '')}
      </a>
      <header class="page-head">
        <h1>{words.title}</h1>
      </header>
      <p class="lead programs-lead">{words.lead}</p>
      <div class="uses-filters">
        <Choice
          label={words.program}
          value={of ?? EVERY}
          texts={{ [EVERY]: words.everyProgram, ...Object.fromEntries(titles) }}
          onChoose={(id) => go({ page: 'programs', path: id === EVERY ? '/audit' : `/audit/${id}` })}
        />
        <Choice label={words.power} value={power.value} texts={powersOf(of)} onChoose={(name) => (power.value = name)} />
        <Choice
          label={words.how}
          value={how.value}
          texts={{ every: words.every, done: words.done, refused: words.refused }}
          onChoose={(value) => (how.value = value)}
        />
      </div>
      <p role="status" class="uses-newer">
        {isOld.value && (
          <button type="button" class="button" onClick={() => read().catch(toastRefusal)}>
            <Icon name="up" />
            {words.newer}
          </button>
        )}
      </p>
      {page.value === null && <Spinner label={texts.shell.loading} />}
      {page.value?.uses.length === 0 && <p class="lead">{words.nothing}</p>}
      {page.value !== null && page.value.uses.length > 0 && (
        <UseList uses={page.value.uses} titleOf={of === null ? (id) => titles.get(id) ?? id.slice(0, 8) : null} />
      )}
      {page.value?.more === true && (
        <button type="button" class="button uses-more" onClick={() => read(page.value?.uses.at(-1)?.number).catch(toastRefusal)}>
          {words.more}
        </button>
      )}
    </>
  )
}

/** Names that programs call their powers by. */
function powersOf(of: string | null): Record<string, string> {
  const words = texts.programs.uses
  const some = (programs.value ?? []).filter(({ id }) => of === null || id === of)
  const names = new Set(some.flatMap(({ powers }) => powers.map(({ name }) => name)))
  return { [EVERY]: words.everyPower, '': words.yours, ...Object.fromEntries([...names].sort().map((name) => [name, name])) }
}
