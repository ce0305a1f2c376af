import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type Entry, type Version } from '../../api/calls.ts'
import { Refusal, refusalOf } from '../../api/request.ts'
import { bytesText, exactDateText } from '../../format.ts'
import { Dialog, DialogButtons } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Spinner } from '../../parts/progress.tsx'
import { joinPath, nameOf, parentOf } from '../../paths.ts'
import { toast, toastRefusal } from '../../state/toasts.ts'
import { useAction } from '../../state/use-action.ts'
import { refusalText } from '../../texts/refusal-text.ts'
import { texts } from '../../texts/texts.ts'
import { isFolder, refresh } from '../folder.ts'
import { iconOfKind } from '../kind-icons.ts'
import { kindOf } from '../kinds.ts'

interface Then {
  entries: Entry[]
  more: boolean
  /** What is there now, by name. */
  now: Map<string, Entry>
}

/** A folder as it was: a slider over its versions; what is picked comes back as it was then, the rest stays as it is now. */
export function LookBackDialog({ folder, onClose }: { folder: string; onClose: () => void }) {
  const versions = useSignal<Version[] | null>(null)
  const index = useSignal(0)
  const path = useSignal(folder)
  const picked = useSignal<ReadonlySet<string>>(new Set())
  useEffect(() => {
    api.versions(folder, 300).then((answer) => {
      // oldest first, as a slider goes
      versions.value = answer.versions.filter(({ entry }) => entry !== null).reverse()
      index.value = Math.max(0, versions.value.length - 1)
    }, toastRefusal)
  }, [folder])
  const version = versions.value?.[index.value]
  const last = (versions.value?.length ?? 1) - 1
  const walk = (to: string): void => {
    path.value = to
    picked.value = new Set()
  }
  const action = useAction(async () => {
    if (!version) return
    for (const name of picked.value) await api.restore(joinPath(path.value, name), version.sequence)
    toast('done', texts.past.broughtBack(picked.value.size))
    refresh()
    onClose()
  })
  return (
    <Dialog title={texts.past.lookBackTitle(nameOf(folder) || texts.files.top)} onClose={onClose} wide>
      {versions.value === null && <Spinner label={texts.shell.loading} />}
      {version && (
        <form onSubmit={action.run}>
          <label class="past-slider">
            <span class="past-date" aria-live="polite">
              {index.value === last ? texts.files.versionsNow : exactDateText(version.time)}
            </span>
            <input
              type="range"
              min={0}
              max={Math.max(1, last)}
              disabled={last === 0}
              value={index.value}
              aria-label={texts.past.date}
              aria-valuetext={exactDateText(version.time)}
              onInput={(event) => {
                index.value = Math.min(last, Number(event.currentTarget.value))
                picked.value = new Set()
              }}
            />
          </label>
          {path.value !== folder && (
            <button type="button" class="button quiet" onClick={() => walk(parentOf(path.value))}>
              <Icon name="back" size={18} />
              {nameOf(path.value)}
            </button>
          )}
          <Entries
            path={path.value}
            sequence={version.sequence}
            picked={picked.value}
            onPick={(names) => (picked.value = names)}
            onWalk={walk}
          />
          {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
          <DialogButtons>
            <button type="button" class="button" onClick={onClose}>
              {texts.common.cancel}
            </button>
            <button type="submit" class="button primary" disabled={picked.value.size === 0 || index.value === last || action.busy.value}>
              {texts.past.bringBack(picked.value.size)}
            </button>
          </DialogButtons>
        </form>
      )}
    </Dialog>
  )
}

interface EntriesProps {
  path: string
  sequence: number
  picked: ReadonlySet<string>
  onPick: (names: ReadonlySet<string>) => void
  onWalk: (path: string) => void
}

function Entries({ path, sequence, picked, onPick, onWalk }: EntriesProps) {
  const then = useSignal<Then | null>(null)
  const error = useSignal<string | null>(null)
  useEffect(() => {
    const left = new AbortController()
    error.value = null
    read(path, sequence, left.signal).then(
      (found) => {
        if (!left.signal.aborted) then.value = found
      },
      (thrown: unknown) => {
        if (!left.signal.aborted) error.value = refusalText(refusalOf(thrown))
      },
    )
    return () => left.abort()
  }, [path, sequence])
  if (error.value) return <Notice kind="bad">{error.value}</Notice>
  if (then.value === null) return <Spinner label={texts.shell.loading} />
  const toggle = (name: string): void => {
    const names = new Set(picked)
    if (!names.delete(name)) names.add(name)
    onPick(names)
  }
  return (
    <>
      {then.value.entries.length === 0 && <p class="faint">{texts.past.empty}</p>}
      <ul class="past-entries">
        {then.value.entries.map((entry) => (
          <li key={entry.name}>
            <input
              type="checkbox"
              aria-label={texts.files.select(entry.name)}
              checked={picked.has(entry.name)}
              onChange={() => toggle(entry.name)}
            />
            <span class={`kind ${kindOf(entry)}`}>
              <Icon name={iconOfKind[kindOf(entry)]} size={20} />
            </span>
            <span class="past-text">
              {isFolder(entry) ? (
                <button type="button" class="past-name" onClick={() => onWalk(joinPath(path, entry.name))}>
                  {entry.name}
                </button>
              ) : (
                <span class="past-name">{entry.name}</span>
              )}
              <span class="faint">{sinceText(entry, then.value?.now.get(entry.name))}</span>
            </span>
          </li>
        ))}
      </ul>
      {then.value.more && <Notice>{texts.past.more}</Notice>}
    </>
  )
}

/** What became of it. */
function sinceText(then: Entry, now: Entry | undefined): string {
  if (now === undefined) return texts.past.gone
  if (isFolder(then)) return ''
  return then.content === now.content ? bytesText(then.sizeBytes) : texts.past.changed
}

async function read(path: string, sequence: number, signal: AbortSignal): Promise<Then> {
  const [then, now] = await Promise.all([
    api.list(path, undefined, signal, sequence),
    api.list(path, undefined, signal).catch((error: unknown) => {
      if (error instanceof Refusal && (error.code === 'NOT_FOUND' || error.code === 'NOT_A_DIRECTORY')) return { entries: [], more: false }
      throw error
    }),
  ])
  return { ...then, now: new Map(now.entries.map((entry) => [entry.name, entry])) }
}
