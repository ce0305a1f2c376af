import '../style/files.css'
import '../style/trash.css'
import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type OnConflict, type TrashItem } from '../api/calls.ts'
import { type Refusal, refusalOf } from '../api/request.ts'
import { bytesText, dateText, exactDateText } from '../format.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { nameOf, parentOf } from '../paths.ts'
import { hrefOf } from '../state/location.ts'
import { isOwner } from '../state/session.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { iconOfKind } from './kind-icons.ts'
import { kindOf } from './kinds.ts'

/** null while it is read for the first time. */
const items = signal<TrashItem[] | null>(null)
const more = signal(false)
const refusal = signal<Refusal | null>(null)
/** What cannot be put back unasked. */
const taken = signal<{ ids: string[]; paths: string[] } | null>(null)

async function read(after?: string): Promise<void> {
  try {
    const page = await api.trash(after)
    items.value = after === undefined ? page.items : [...(items.value ?? []), ...page.items]
    more.value = page.more
    refusal.value = null
  } catch (error) {
    refusal.value = refusalOf(error)
  }
}

async function restore(ids: string[], onConflict: OnConflict = 'refuse'): Promise<void> {
  taken.value = null
  try {
    const { paths } = await api.restoreFromTrash(ids, onConflict)
    toast('done', texts.trash.restored(paths.length))
    await read()
  } catch (error) {
    const { code, data } = refusalOf(error)
    if (code === 'ALREADY_EXISTS' && onConflict === 'refuse') taken.value = { ids, paths: (data['paths'] as string[] | undefined) ?? [] }
    else toastRefusal(error)
  }
}

async function empty(ids?: string[]): Promise<void> {
  try {
    const { removed } = await api.emptyTrash(ids)
    toast('done', texts.trash.emptied(removed))
    await read()
  } catch (error) {
    toastRefusal(error)
  }
}

/** What was removed, newest first. */
export function TrashPage() {
  const asking = useSignal(false)
  useEffect(() => void read(), [])
  const some = items.value !== null && items.value.length > 0
  return (
    <>
      <header class="page-head">
        <h1>{texts.trash.title}</h1>
        {isOwner.value && (
          <div class="actions">
            <button type="button" class="button danger" disabled={!some} onClick={() => (asking.value = true)}>
              <Icon name="trash" />
              {texts.trash.empty}
            </button>
          </div>
        )}
      </header>
      <p class="faint" title={texts.trash.term}>
        {texts.trash.text}
      </p>
      {refusal.value && <Notice kind="bad">{refusalText(refusal.value)}</Notice>}
      {items.value === null && refusal.value === null && <Spinner label={texts.shell.loading} />}
      {items.value !== null && !some && <Nothing />}
      {some && <Items />}
      {asking.value && <EmptyDialog onClose={() => (asking.value = false)} />}
      {taken.value && <TakenDialog {...taken.value} onClose={() => (taken.value = null)} />}
    </>
  )
}

function Nothing() {
  return (
    <div class="empty">
      <span class="empty-mark">
        <Icon name="trash" size={36} />
      </span>
      <h2>{texts.trash.nothing}</h2>
      <p>{texts.trash.nothingText}</p>
    </div>
  )
}

function Items() {
  return (
    <>
      <ul class="trash-items">
        {items.value?.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
      {more.value && (
        <button type="button" class="button wide" onClick={() => void read(items.value?.at(-1)?.id)}>
          {texts.files.loadMore}
        </button>
      )}
    </>
  )
}

function Item({ item: { id, path, removed, entry } }: { item: TrashItem }) {
  const name = nameOf(path)
  const kind = kindOf(entry)
  const folder = parentOf(path)
  return (
    <li class="trash-item">
      <span class={`kind ${kind}`}>
        <Icon name={iconOfKind[kind]} size={22} />
      </span>
      <span class="trash-text">
        <span class="trash-name">{name}</span>
        <span class="faint">
          <a href={hrefOf({ page: 'files', path: folder })} title={texts.trash.place}>
            {folder === '/' ? texts.trash.top : folder.slice(1)}
          </a>{' '}
          · <span title={exactDateText(removed)}>{dateText(removed)}</span>
          {entry.type === 'file' && ` · ${bytesText(entry.sizeBytes)}`}
        </span>
      </span>
      <button type="button" class="button" aria-label={texts.trash.restoreOne(name)} onClick={() => void restore([id])}>
        <Icon name="history" />
        <span class="wide-only">{texts.trash.restore}</span>
      </button>
      {isOwner.value && (
        <button
          type="button"
          class="button icon-only quiet danger"
          aria-label={texts.trash.removeOne(name)}
          title={texts.trash.removeOne(name)}
          onClick={() => void empty([id])}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  )
}

function EmptyDialog({ onClose }: { onClose: () => void }) {
  const run = (event: Event): void => {
    event.preventDefault()
    onClose()
    void empty()
  }
  return (
    <Dialog title={texts.trash.emptyTitle} onClose={onClose}>
      <form onSubmit={run}>
        <p>{texts.trash.emptyText}</p>
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button danger solid" data-begin>
            {texts.trash.empty}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function TakenDialog({ ids, paths, onClose }: { ids: string[]; paths: string[]; onClose: () => void }) {
  return (
    <Dialog title={texts.trash.takenTitle(paths.length, nameOf(paths[0] ?? ''))} onClose={onClose}>
      <p>{texts.trash.takenText}</p>
      <DialogButtons>
        <button type="button" class="button" onClick={onClose}>
          {texts.common.cancel}
        </button>
        <button type="button" class="button" title={texts.trash.replaceHint} onClick={() => void restore(ids, 'replace')}>
          {texts.trash.replace}
        </button>
        <button type="button" class="button primary" data-begin onClick={() => void restore(ids, 'keep-both')}>
          {texts.trash.keepBoth}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
