import { useSignal } from '@preact/signals'
import { bytesText, dateText } from '../format.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { nameOf, parentOf } from '../paths.ts'
import { texts } from '../texts/texts.ts'
import type { Question } from './upload-queue.ts'

/** Asks what shall become of a file whose name is taken. Closing it skips that one. */
export function ConflictDialog({ question }: { question: Question }) {
  const { item, there, others, answer } = question
  const forAll = useSignal(false)
  const folder = nameOf(parentOf(item.path)) || texts.files.top
  const taken = there === null || there.type === 'file'
  return (
    <Dialog title={texts.uploads.conflictTitle(nameOf(item.path))} onClose={() => answer('skip', forAll.value)}>
      <p>{texts.uploads.conflictText(folder)}</p>
      <dl class="compare">
        {there && (
          <div>
            <dt>{texts.uploads.conflictHere}</dt>
            <dd>
              {there.type === 'file' ? bytesText(there.sizeBytes) : texts.files.folder} · {dateText(there.modified)}
            </dd>
          </div>
        )}
        <div>
          <dt>{texts.uploads.conflictNew}</dt>
          <dd>
            {bytesText(item.file.size)} · {dateText(item.file.lastModified / 1000)}
          </dd>
        </div>
      </dl>
      {others > 0 && (
        <label class="checkbox">
          <input type="checkbox" checked={forAll.value} onChange={(event) => (forAll.value = event.currentTarget.checked)} />
          {texts.uploads.forAll}
        </label>
      )}
      <DialogButtons>
        <button type="button" class="button" onClick={() => answer('skip', forAll.value)}>
          {texts.uploads.skip}
        </button>
        <button type="button" class="button" onClick={() => answer('keep-both', forAll.value)}>
          {texts.uploads.keepBoth}
        </button>
        {taken && (
          <button type="button" class="button primary" title={texts.uploads.replaceHint} onClick={() => answer('replace', forAll.value)}>
            {texts.uploads.replace}
          </button>
        )}
      </DialogButtons>
    </Dialog>
  )
}
