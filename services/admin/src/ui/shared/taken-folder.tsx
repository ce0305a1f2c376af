import { useSignal } from '@preact/signals'
import { folderApi, type TakenFolderInfo } from '../api/folder-calls.ts'
import { dateText } from '../format.ts'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { HandOn } from './hand-on.tsx'
import { readFolders } from './state.ts'

/** A folder of a friend: offered, here with what may be done in it, or ended. */
export function TakenFolder({ folder }: { folder: TakenFolderInfo }) {
  const { id, label, name, state, path, unsent, lost } = folder
  const answer = useAction(async () => {
    await folderApi.accept(id)
    toast('done', texts.shared.accepted(label))
    await readFolders().catch(toastRefusal)
  })
  const decline = useAction(async () => {
    await folderApi.decline(id)
    await readFolders().catch(toastRefusal)
  })
  return (
    <li>
      <span class="shared-what">
        {path !== null && state !== 'coming' ? (
          <a href={`#/files${path.split('/').map(encodeURIComponent).join('/')}`}>
            <strong>{label}</strong>
          </a>
        ) : (
          <strong>{label}</strong>
        )}
        <span class="faint">
          {texts.shared.by(name)} · {stateText(folder)}
        </span>
      </span>
      {state === 'offered' ? (
        <span class="shared-buttons">
          <button type="button" class="button primary" disabled={answer.busy.value} onClick={() => answer.run()}>
            {texts.shared.accept}
          </button>
          <button type="button" class="button" disabled={decline.busy.value} onClick={() => decline.run()}>
            {texts.shared.decline}
          </button>
        </span>
      ) : (
        <Leave folder={folder} />
      )}
      {state === 'here' && lost !== null && <Notice kind="warn">{texts.shared.lost[lost](name)}</Notice>}
      {state === 'here' && unsent && (
        <Notice kind="warn">{lost === null ? texts.shared.unsent(name) : texts.shared.staysHere(name)}</Notice>
      )}
      {state === 'missing' && <Notice kind="warn">{texts.shared.missing}</Notice>}
      {state === 'here' && folder.writable.length === 0 && <Ask folder={folder} />}
      {state === 'here' && folder.handOn > 0 && <HandOn folder={folder} />}
      {(answer.error.value ?? decline.error.value) !== null && <p class="field-error">{answer.error.value ?? decline.error.value}</p>}
    </li>
  )
}

function stateText({ state, writable, writeEnds }: TakenFolderInfo): string {
  if (state !== 'here') return texts.shared.states[state]
  if (writable.length === 0) return texts.shared.states.here
  const where = writable.map((path) => texts.shared.at(path)).join(', ')
  return writeEnds === null ? texts.shared.mayWrite(where) : texts.shared.mayWriteUntil(where, dateText(writeEnds))
}

function Leave({ folder: { id, label } }: { folder: TakenFolderInfo }) {
  const asked = useSignal(false)
  const leave = useAction(async () => {
    await folderApi.leave(id)
    toast('done', texts.shared.left(label))
    await readFolders().catch(toastRefusal)
  })
  if (asked.value)
    return (
      <button type="button" class="button danger" disabled={leave.busy.value} onClick={() => leave.run()}>
        {texts.shared.reallyLeave}
      </button>
    )
  return (
    <button type="button" class="button" aria-label={texts.shared.leaveOf(label)} onClick={() => (asked.value = true)}>
      {texts.shared.leave}
    </button>
  )
}

function Ask({ folder: { id, asked, name } }: { folder: TakenFolderInfo }) {
  const open = useSignal(false)
  const path = useSignal('/')
  const note = useSignal('')
  const ask = useAction(async () => {
    const wanted = path.value.trim()
    await folderApi.ask(id, wanted.startsWith('/') ? wanted : `/${wanted}`, note.value.trim())
    toast('done', texts.shared.asked(name))
    open.value = false
    await readFolders().catch(toastRefusal)
  })
  const waits = asked.find(({ refused }) => !refused)
  if (waits !== undefined) return <p class="shared-state faint">{texts.shared.waits(name)}</p>
  if (!open.value)
    return (
      <>
        {asked.length > 0 && <p class="shared-state faint">{texts.shared.wasRefused(name)}</p>}
        <button type="button" class="button" onClick={() => (open.value = true)}>
          {texts.shared.ask}
        </button>
      </>
    )
  return (
    <form class="shared-right" onSubmit={ask.run}>
      <Field
        label={texts.shared.where}
        hint={texts.shared.whereHint}
        value={path.value}
        onInput={(typed) => (path.value = typed)}
        maxLength={512}
        focus
      />
      <Field
        label={texts.shared.note(name)}
        value={note.value}
        error={ask.error.value}
        onInput={(typed) => (note.value = typed)}
        maxLength={100}
      />
      <div class="shared-buttons">
        <button type="submit" class="button primary" disabled={ask.busy.value}>
          {texts.shared.askNow}
        </button>
        <button type="button" class="button" onClick={() => (open.value = false)}>
          {texts.common.cancel}
        </button>
      </div>
    </form>
  )
}
