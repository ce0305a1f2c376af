import { type IconName, Icon } from '@holt/admin/ui/parts/icons.tsx'
import { iconOfKind } from '@holt/admin/ui/files/kind-icons.ts'
import { kindOf } from '@holt/admin/ui/files/kinds.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { FileEntry, Snapshot, TreeEntry } from '@holt/tree/types.ts'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { FileDialog } from './file-view.tsx'
import { bytesText, dateText, exactDateText } from '@holt/admin/ui/format.ts'
import { isFolder, nextPage, type Row } from './listing.ts'
import { texts } from './texts.ts'
import { hrefOf } from './visit.ts'
import { refusalText } from './visitor-page.tsx'

export function FolderPage({ folder, path }: { folder: Snapshot; path: string }) {
  return (
    <>
      <Trail path={path} />
      <Entries key={path} folder={folder} path={path} />
    </>
  )
}

function Trail({ path }: { path: string }) {
  const names = path.split('/').filter(Boolean)
  if (names.length === 0) return null
  return (
    <nav class="visit-trail" aria-label={texts.folder}>
      <a href={hrefOf('/')}>{texts.top}</a>
      {names.map((name, i) => (
        <span key={name}>
          <span aria-hidden="true"> / </span>
          <a href={hrefOf(`/${names.slice(0, i + 1).join('/')}`)} aria-current={i === names.length - 1 ? 'page' : undefined}>
            {name}
          </a>
        </span>
      ))}
    </nav>
  )
}

function Entries({ folder, path }: { folder: Snapshot; path: string }) {
  const rows = useSignal<Row[] | null>(null)
  const more = useSignal(false)
  const error = useSignal<string | null>(null)
  const shown = useSignal<string | null>(null)
  const read = (): void => {
    nextPage(folder, path, rows.value ?? []).then(
      (page) => {
        rows.value = page.all
        more.value = page.more
      },
      (thrown: unknown) => {
        error.value = refusalText(toHoltError(thrown))
      },
    )
  }
  useEffect(read, [])
  if (error.value !== null) return <p class="visit-error">{error.value}</p>
  if (rows.value === null) return <p role="status">{texts.opening}</p>
  if (rows.value.length === 0) return <p class="faint">{texts.empty}</p>
  const files = rows.value.filter((row): row is Row & { entry: FileEntry } => row.entry.t === 'f')
  const index = files.findIndex(({ name }) => name === shown.value)
  const current = files[index]
  return (
    <>
      <ul class="visit-list">
        {rows.value.map((row) => (
          <Line key={row.name} row={row} path={path} onShow={() => (shown.value = row.name)} />
        ))}
      </ul>
      {more.value && (
        <button type="button" class="button" onClick={read}>
          {texts.more}
        </button>
      )}
      {current && (
        <FileDialog
          key={current.name}
          file={folder.openEntry(current.entry)}
          name={current.name}
          onClose={() => (shown.value = null)}
          onPrevious={index > 0 ? () => (shown.value = (files[index - 1] as Row).name) : null}
          onNext={index < files.length - 1 ? () => (shown.value = (files[index + 1] as Row).name) : null}
        />
      )}
    </>
  )
}

function Line({ row: { name, entry }, path, onShow }: { row: Row; path: string; onShow: () => void }) {
  const facts = (
    <>
      <span class="visit-name">{name}</span>
      <span class="visit-facts" title={exactDateText(entry.mt[0])}>
        {factsOf(entry)} · {dateText(entry.mt[0])}
      </span>
    </>
  )
  return (
    <li class="visit-row">
      <Icon name={iconOf(name, entry)} size={22} />
      {isFolder(entry) ? (
        <a class="visit-open" href={hrefOf(`${path === '/' ? '' : path}/${name}`)}>
          {facts}
        </a>
      ) : entry.t === 'f' ? (
        <button type="button" class="visit-open" onClick={onShow} aria-label={texts.open(name)}>
          {facts}
        </button>
      ) : (
        <span class="visit-open">{facts}</span>
      )}
    </li>
  )
}

function factsOf(entry: TreeEntry): string {
  if (entry.t === 'f') return bytesText(entry.z)
  return entry.t === 'l' ? texts.symlink(entry.to) : texts.folder
}

const types = { f: 'file', d: 'directory', l: 'symlink', v: 'volume' } as const

function iconOf(name: string, entry: TreeEntry): IconName {
  return iconOfKind[kindOf({ name, type: types[entry.t] })]
}
