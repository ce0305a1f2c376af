import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { type BroughtPackage, type InstalledInfo, programApi } from '../api/program-calls.ts'
import { sendPackage } from '../api/send-file.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { ProgressBar } from '../parts/progress.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { ReviewPackage } from './review-package.tsx'
import { readPrograms } from './state.ts'

interface InstallDialogProps {
  /** The program that is to have a newer version; null: any package. */
  updating: InstalledInfo | null
  onClose: () => void
}

/** From a file to an installed program: it is brought, looked at, decided about. */
export function InstallDialog({ updating, onClose }: InstallDialogProps) {
  const words = texts.programs.bring
  const file = useSignal<File | null>(null)
  const sent = useSignal(0)
  const found = useSignal<BroughtPackage | null>(null)
  const left = useRef(new AbortController())
  useEffect(() => () => left.current.abort(), [])
  const bring = useAction(async () => {
    if (file.value === null) return
    found.value = null
    sent.value = 0
    const brought = await sendPackage(file.value, { signal: left.current.signal, onSent: (bytes) => (sent.value = bytes) })
    if (updating !== null && brought.id !== updating.id) wrongProgram.value = brought.title
    else found.value = brought
  })
  const wrongProgram = useSignal<string | null>(null)
  const take = (files: FileList | null | undefined): void => {
    const one = files?.[0]
    if (one === undefined) return
    wrongProgram.value = null
    file.value = one
    bring.run()
  }
  const title = found.value?.installed
    ? words.updateTitle(found.value.title)
    : updating === null
      ? words.title
      : words.updateTitle(updating.title)
  return (
    <Dialog title={title} onClose={onClose} wide>
      {found.value === null ? (
        <>
          {bring.busy.value && file.value !== null ? (
            <div class="package-coming">
              <p>{words.coming(file.value.name)}</p>
              <ProgressBar label={words.coming(file.value.name)} whole={file.value.size} part={sent.value} />
            </div>
          ) : (
            <PackageChooser onFiles={take} />
          )}
          {wrongProgram.value !== null && <Notice kind="bad">{words.notThis(wrongProgram.value)}</Notice>}
          {bring.error.value !== null && <Notice kind="bad">{bring.error.value}</Notice>}
        </>
      ) : (
        <ReviewPackage
          found={found.value}
          onAnother={() => (found.value = null)}
          onAgree={async (grants) => {
            const { stage, title, installed } = found.value as BroughtPackage
            const program = await programApi.install(stage, grants)
            await readPrograms()
            toast('done', installed === null ? words.installed(title) : words.updated(title, program.version))
            onClose()
          }}
        />
      )}
    </Dialog>
  )
}

function PackageChooser({ onFiles }: { onFiles: (files: FileList | null | undefined) => void }) {
  const words = texts.programs.bring
  const input = useRef<HTMLInputElement>(null)
  return (
    <div
      class="package-chooser"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        onFiles(event.dataTransfer?.files)
      }}
    >
      <Icon name="box" size={36} />
      <p class="lead">{words.chooseText}</p>
      <button type="button" class="button primary" data-begin onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {words.choose}
      </button>
      <p class="faint package-drop">{words.drop}</p>
      <input
        ref={input}
        class="hidden"
        type="file"
        accept=".holt"
        data-upload="package"
        aria-label={words.choose}
        onChange={(event) => {
          onFiles(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
