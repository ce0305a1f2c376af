import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { QrPicture } from '../parts/qr-picture.tsx'
import { refusalOf } from '../api/request.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'

interface PhoneDialogProps {
  /** As long as there is no owner password: the phone needs it too. Later it signs in. */
  code: string | null
  onClose: () => void
}

/** The address of this page for the camera of a phone, where the set-up goes on. */
export default function PhoneDialog({ code, onClose }: PhoneDialogProps) {
  const url = useSignal<string | null>(null)
  const problem = useSignal<string | null>(null)
  useEffect(() => {
    api.setupState(code ?? undefined).then(
      ({ phoneUrl }) => {
        if (phoneUrl === null) problem.value = texts.setup.phone.onlyHere
        else url.value = code === null ? phoneUrl : `${phoneUrl}#code=${code.toUpperCase().replace(/[^A-Z0-9]/g, '')}`
      },
      (error: unknown) => {
        problem.value = refusalText(refusalOf(error))
      },
    )
  }, [])
  return (
    <Dialog title={texts.setup.phone.title} onClose={onClose}>
      {problem.value !== null && (
        <Notice kind="warn">
          <p>{problem.value}</p>
          {problem.value === texts.setup.phone.onlyHere && <code>npm start -- --listen 0.0.0.0</code>}
        </Notice>
      )}
      {url.value !== null && (
        <div class="phone-sheet">
          <p>{code === null ? texts.setup.phone.signIn : texts.setup.phone.text}</p>
          <QrPicture class="set-up-code" text={url.value} alt={texts.setup.phone.picture} />
          <p class="mono">{url.value.replace(/#.*/, '')}</p>
        </div>
      )}
      {problem.value === null && url.value === null && <Spinner label={texts.shell.loading} />}
    </Dialog>
  )
}
