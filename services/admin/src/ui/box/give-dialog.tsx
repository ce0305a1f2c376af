import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { api, type BundleInfo } from '../api/calls.ts'
import { sendBundle } from '../api/send-file.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { ProgressBar } from '../parts/progress.tsx'
import { useAction } from '../state/use-action.ts'
import { begin, readUpdates } from './state.ts'
import { texts } from '../texts/texts.ts'

/** choosing → sending → (what it is) → installed from the card; closing before that forgets the file. */
export function GiveDialog({ onClose }: { onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null)
  const sending = useSignal<{ part: number; whole: number } | null>(null)
  const found = useSignal<(BundleInfo & { path: string }) | null>(null)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const give = useAction(async () => {
    const file = input.current?.files?.[0]
    if (file === undefined) return
    sending.value = { part: 0, whole: file.size }
    try {
      const onSent = (part: number): void => void (sending.value = { part, whole: file.size })
      found.value = await sendBundle(file, { signal: stop.current.signal, onSent })
      await readUpdates()
    } finally {
      sending.value = null
      if (input.current) input.current.value = ''
    }
  })
  const install = useAction(async () => {
    if (found.value === null) return
    await begin(api.installUpdate(found.value.path))
    onClose()
  })
  const close = (): void => {
    if (found.value !== null) api.dropBundle().then(readUpdates, () => {})
    onClose()
  }
  return (
    <Dialog title={texts.box.updates.give} onClose={close}>
      <p>{texts.box.updates.giveText}</p>
      {give.error.value && <Notice kind="bad">{give.error.value}</Notice>}
      {sending.value !== null && <ProgressBar label={texts.box.updates.sending} {...sending.value} />}
      {found.value !== null && <Found bundle={found.value} error={install.error.value} />}
      <input ref={input} class="hidden" type="file" accept=".raucb" data-give onChange={give.run} />
      <DialogButtons>
        <button type="button" class="button" onClick={close}>
          {texts.common.cancel}
        </button>
        {found.value === null ? (
          <button type="button" class="button primary" disabled={give.busy.value} onClick={() => input.current?.click()}>
            <Icon name="upload" />
            {texts.box.updates.choose}
          </button>
        ) : (
          <button type="button" class="button primary" disabled={install.busy.value} onClick={install.run}>
            {texts.box.updates.installOf(found.value.version)}
          </button>
        )}
      </DialogButtons>
    </Dialog>
  )
}

function Found({ bundle: { version, description, build }, error }: { bundle: BundleInfo; error: string | null }) {
  return (
    <>
      <Notice kind="good">
        <strong>{texts.box.updates.offer(version)}</strong> <span class="faint">{build === '' ? '' : texts.box.updates.built(build)}</span>
        <p class="box-changes">{description === '' ? texts.box.updates.changesNone : description}</p>
      </Notice>
      {error && <Notice kind="bad">{error}</Notice>}
    </>
  )
}
