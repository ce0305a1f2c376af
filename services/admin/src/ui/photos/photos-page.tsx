import '../style/photos.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { PhotoStatus } from '../api/photo-calls.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Choice, Switch } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { ProgressBar, Spinner } from '../parts/progress.tsx'
import { hrefOf } from '../state/location.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { askAccess, change, changeAtOnce, fault, lookAtPhotos, photos } from './state.ts'

/** Whether, when and where the pictures of this phone go to the tree. */
export function PhotosPage() {
  useEffect(lookAtPhotos, [])
  const status = photos.value
  return (
    <>
      <header class="page-head">
        <h1>{texts.photos.title}</h1>
      </header>
      <div class="photos">
        {fault.value !== null && <Notice kind="bad">{fault.value}</Notice>}
        {status === null ? (
          fault.value === null && <Spinner label={texts.shell.loading} />
        ) : (
          <>
            <StateCard status={status} />
            <RulesCard status={status} />
          </>
        )}
      </div>
    </>
  )
}

function StateCard({ status }: { status: PhotoStatus }) {
  const words = texts.photos
  const { on, paused, state, waitsFor, access, places, done, left, later, current, problem, folder } = status
  const ask = useAction(askAccess)
  return (
    <section class="card" aria-labelledby="photos-state">
      <h2 id="photos-state">{words.backup}</h2>
      <Switch label={words.on} hint={words.onText} value={on} onChange={(next) => changeAtOnce({ on: next })} />
      {on && (
        <>
          <p class="lead" role="status">
            {waitsFor !== null ? words.waits[waitsFor] : state === 'running' ? words.running : words.idle}{' '}
            {problem !== null && <span class="faint">{words.problem(problem)}</span>}
          </p>
          {state === 'running' && <ProgressBar label={words.running} whole={left === null ? 0 : done + left} part={done} />}
          {current !== null && <p class="faint">{words.current(current.name, current.doneBytes, current.sizeBytes)}</p>}
          <p>
            {words.done(done)} {left !== null && left > 0 && words.left(left)} {later > 0 && words.later(later)}
          </p>
          {access === 'some' && <Notice kind="info">{words.some}</Notice>}
          {access !== null && access !== 'none' && !places && <Notice kind="info">{words.noPlaces}</Notice>}
          <div class="buttons">
            {access !== null && (access !== 'all' || !places) && (
              <button type="button" class="button primary" onClick={ask.run} disabled={ask.busy.value}>
                {words.ask}
              </button>
            )}
            <button type="button" class="button" onClick={() => changeAtOnce({ paused: !paused })}>
              {paused ? words.goOn : words.pause}
            </button>
            {folder !== null && done > 0 && (
              <a class="button quiet" href={hrefOf({ page: 'files', path: folder })}>
                <Icon name="folder" />
                {words.show}
              </a>
            )}
          </div>
          {ask.error.value && <p class="field-error">{ask.error.value}</p>}
        </>
      )}
    </section>
  )
}

function RulesCard({ status }: { status: PhotoStatus }) {
  const words = texts.photos
  const draft = useSignal<string | null>(null)
  const action = useAction(async () => {
    if (draft.value === null) return
    await change({ folder: draft.value })
    draft.value = null
    toast('done', words.saved)
  })
  return (
    <section class="card" aria-labelledby="photos-rules">
      <h2 id="photos-rules">{words.rules}</h2>
      <Choice
        label={words.network}
        hint={words.networkText}
        value={status.network}
        texts={words.networks}
        onChoose={(network) => changeAtOnce({ network })}
      />
      <Switch label={words.charging} value={status.charging} onChange={(charging) => changeAtOnce({ charging })} />
      <Switch label={words.videos} value={status.videos} onChange={(videos) => changeAtOnce({ videos })} />
      {status.folder !== null && (
        <form onSubmit={action.run}>
          <Field
            label={words.folder}
            hint={words.folderText}
            value={draft.value ?? status.folder}
            onInput={(folder) => (draft.value = folder)}
            error={action.error.value}
            maxLength={1000}
            mono
          />
          {draft.value !== null && draft.value !== status.folder && (
            <button type="submit" class="button primary" disabled={action.busy.value}>
              {words.save}
            </button>
          )}
        </form>
      )}
      <p class="faint">{words.neverRemoved}</p>
    </section>
  )
}
