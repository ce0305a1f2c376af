import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { Icon } from '../parts/icons.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

type PhoneDialog = ComponentType<{ code: string | null; onClose: () => void }>

/** On a wide screen: goes on with the set-up on a phone. What draws the picture is loaded when it is asked for. */
export function OnPhone({ code }: { code: string | null }) {
  const dialog = useSignal<{ Shown: PhoneDialog } | null>(null)
  const open = (): void => {
    import('./phone-dialog.tsx').then(({ default: Shown }) => {
      dialog.value = { Shown }
    }, toastRefusal)
  }
  const Shown = dialog.value?.Shown
  return (
    <>
      <button type="button" class="button quiet on-phone" onClick={open}>
        <Icon name="phone" />
        {texts.setup.phone.button}
      </button>
      {Shown && <Shown code={code} onClose={() => (dialog.value = null)} />}
    </>
  )
}
