import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type PairingCodeInfo, type RelationKind } from '../api/calls.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Choice } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { QrPicture } from '../parts/qr-picture.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { readPeers } from './state.ts'

/** A code that is shown here, or one that the other node shows. */
export function PairDialog({ onClose }: { onClose: () => void }) {
  const name = useSignal('')
  const relation = useSignal<RelationKind>('friend')
  const typed = useSignal('')
  const shown = useSignal<PairingCodeInfo | null>(null)
  const wanted = () => ({ name: name.value.trim() || texts.peers.usualName, relation: relation.value })
  const show = useAction(async () => {
    shown.value = await api.showPairingCode(wanted())
  })
  const take = useAction(async () => {
    const peer = await api.pair({ ...wanted(), code: typed.value })
    done(peer.name ?? peer.peer)
  })
  const done = (called: string): void => {
    toast('done', texts.peers.pairedWith(called))
    readPeers().catch(toastRefusal)
    onClose()
  }
  return (
    <Dialog title={texts.peers.pair} onClose={onClose}>
      {shown.value !== null ? (
        <Shown code={shown.value} onPaired={done} />
      ) : (
        <>
          <Choice label={texts.peers.whose} value={relation.value} texts={texts.peers.kinds} onChoose={(kind) => (relation.value = kind)} />
          <Field
            label={texts.peers.name}
            hint={texts.peers.nameHint}
            value={name.value}
            maxLength={32}
            placeholder={texts.peers.usualName}
            onInput={(text) => (name.value = text)}
          />
          <button type="button" class="button primary" disabled={show.busy.value} onClick={() => show.run()}>
            {texts.peers.showCode}
          </button>
          <p class="field-error" role="alert">
            {show.error.value}
          </p>
          <form class="peer-take" onSubmit={take.run}>
            <Field
              label={texts.peers.typeCode}
              hint={texts.peers.typeHint}
              error={take.error.value}
              value={typed.value}
              mono
              onInput={(text) => (typed.value = text)}
            />
            <button type="submit" class="button" disabled={take.busy.value || typed.value.trim() === ''}>
              {texts.peers.take}
            </button>
          </form>
        </>
      )}
    </Dialog>
  )
}

const LOOK_EVERY_MS = 1000

/** Until somebody has taken it. Closing the dialog ends it. */
function Shown({ code, onPaired }: { code: PairingCodeInfo; onPaired: (name: string) => void }) {
  const now = useSignal<PairingCodeInfo | null>(code)
  useEffect(() => {
    let paired = false
    const look = async (): Promise<void> => {
      const { shown } = await api.pairingCode()
      now.value = shown !== null && shown.code === code.code ? shown : null
      if (now.value === null || now.value.paired === null || paired) return
      paired = true
      const { paired: peer } = now.value
      const known = (await api.peers()).peers.find((one) => one.peer === peer)
      onPaired(known?.name ?? peer)
    }
    const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS)
    return () => {
      clearInterval(timer)
      api.hidePairingCode().catch(() => {})
    }
  }, [])
  if (now.value === null || now.value.triesLeft <= 0)
    return <Notice kind="warn">{now.value === null ? texts.peers.codeOver : texts.peers.codeGuessed}</Notice>
  return (
    <div class="peer-code">
      <p>{texts.peers.codeText}</p>
      <p class="peer-digits">
        <code>{code.code}</code>
      </p>
      <QrPicture class="peer-picture" text={code.link} alt={texts.peers.scan} border={2} />
    </div>
  )
}
