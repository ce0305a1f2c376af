import { Dialog } from '../parts/dialog.tsx'
import { texts } from '../texts/texts.ts'

/** Which keys do what on this page. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={texts.files.keysTitle} onClose={onClose}>
      <dl class="details">
        {texts.files.keyList.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
