import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { clusterApi, type InvitationInfo } from '../api/cluster-calls.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { QrPicture } from '../parts/qr-picture.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { readPeers } from './state.ts'

const LOOK_EVERY_MS = 1000

/** A code by which one new node becomes the owner's. Closing the dialog ends it. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const code = useSignal<InvitationInfo | null>(null)
  const over = useSignal(false)
  const show = useAction(async () => {
    code.value = await clusterApi.invite()
  })
  useEffect(() => {
    show.run()
    const look = async (): Promise<void> => {
      if (code.value === null || over.value) return
      const { shown } = await clusterApi.invitation()
      if (shown === null || shown.code !== code.value.code) over.value = true
      else if (shown.joined !== null) joined()
      else code.value = shown
    }
    const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS)
    return () => {
      clearInterval(timer)
      clusterApi.endInvitation().catch(() => {})
    }
  }, [])
  const joined = (): void => {
    toast('done', texts.peers.own.joined)
    readPeers().catch(toastRefusal)
    onClose()
  }
  return (
    <Dialog title={texts.peers.own.add} onClose={onClose}>
      {show.error.value !== null && show.error.value !== '' ? (
        <Notice kind="warn">{show.error.value}</Notice>
      ) : over.value || code.value?.triesLeft === 0 ? (
        <Notice kind="warn">{over.value ? texts.peers.codeOver : texts.peers.codeGuessed}</Notice>
      ) : code.value === null ? (
        <Spinner label={texts.shell.loading} />
      ) : (
        <div class="peer-code">
          <p>{texts.peers.own.codeText}</p>
          <p class="peer-digits">
            <code>{code.value.code}</code>
          </p>
          <QrPicture class="peer-picture" text={code.value.link} alt={texts.peers.scan} border={2} />
          <p class="peer-command">
            <code>holt cluster join {code.value.code}</code>
          </p>
          <Notice kind="warn">{texts.peers.own.codeSecret}</Notice>
        </div>
      )}
    </Dialog>
  )
}
