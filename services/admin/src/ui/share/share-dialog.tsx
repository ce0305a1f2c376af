import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type ShareInfo } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Choice } from '../parts/inputs.tsx'
import { nameOf } from '../paths.ts'
import { toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { LinkSheet } from './link-sheet.tsx'
import { ShareList } from './share-list.tsx'
import { expiryOf, readShares, type Span, shares } from './state.ts'

/** Makes a link to one file or folder, and shows those there are. */
export function ShareDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const made = useSignal<ShareInfo | null>(null)
  useEffect(() => {
    readShares().catch(toastRefusal)
  }, [])
  const others = (shares.value ?? []).filter((share) => share.path === path && share.id !== made.value?.id)
  return (
    <Dialog title={texts.share.title(nameOf(path))} onClose={onClose}>
      {made.value === null ? <ShareForm path={path} onMade={(share) => (made.value = share)} /> : <LinkSheet share={made.value} />}
      {others.length > 0 && (
        <section aria-labelledby="share-before">
          <h3 id="share-before">{texts.share.before}</h3>
          <ShareList shares={others} onShow={(share) => (made.value = share)} />
        </section>
      )}
      {made.value !== null && (
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.close}
          </button>
        </DialogButtons>
      )}
    </Dialog>
  )
}

function ShareForm({ path, onMade }: { path: string; onMade: (share: ShareInfo) => void }) {
  const label = useSignal(nameOf(path))
  const span = useSignal<Span>('week')
  const action = useAction(async () => {
    onMade(await api.createShare({ path, label: label.value.trim(), expires: expiryOf(span.value) }))
    await readShares()
  })
  return (
    <form onSubmit={action.run}>
      <p title={texts.share.exact}>{texts.share.text}</p>
      <Choice label={texts.share.opens} value={span.value} texts={texts.share.spans} onChoose={(chosen) => (span.value = chosen)} />
      <Field
        label={texts.share.label}
        value={label.value}
        onInput={(typed) => (label.value = typed)}
        maxLength={128}
        error={action.error.value}
      />
      <DialogButtons>
        <button type="submit" class="button primary" disabled={action.busy.value} data-begin>
          {texts.share.make}
        </button>
      </DialogButtons>
    </form>
  )
}
