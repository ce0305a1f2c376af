import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { joinPath, nameOf, nameProblem, parentOf } from '../paths.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { changedAt } from './folder.ts'

export function NewFolderDialog({ folder, onClose }: { folder: string; onClose: () => void }) {
  return (
    <NameDialog
      title={texts.files.newFolder}
      label={texts.files.newFolderName}
      button={texts.files.create}
      onClose={onClose}
      onName={async (name) => {
        await api.makeDirectory(joinPath(folder, name))
        changedAt(joinPath(folder, name))
      }}
    />
  )
}

export function RenameDialog({ path, onClose }: { path: string; onClose: () => void }) {
  return (
    <NameDialog
      title={texts.files.rename}
      label={texts.files.renameLabel}
      button={texts.files.rename}
      name={nameOf(path)}
      onClose={onClose}
      onName={async (name) => {
        if (name !== nameOf(path)) await api.move(path, joinPath(parentOf(path), name))
        changedAt(path)
      }}
    />
  )
}

interface NameDialogProps {
  title: string
  label: string
  button: string
  name?: string
  onName: (name: string) => Promise<void>
  onClose: () => void
}

function NameDialog({ title, label, button, name = '', onName, onClose }: NameDialogProps) {
  const typed = useSignal(name)
  const problem = nameProblem(typed.value)
  const action = useAction(async () => {
    await onName(typed.value)
    onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={action.run}>
        <Field
          label={label}
          value={typed.value}
          onInput={(value) => {
            typed.value = value
            action.clear()
          }}
          error={action.error.value ?? (problem !== null && problem !== 'empty' ? problemText(problem) : null)}
          focus
          selectStem
        />
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={problem !== null || action.busy.value}>
            {button}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function problemText(problem: 'empty' | 'slash' | 'dots' | 'long'): string {
  const { nameEmpty, nameSlash, nameDots, nameLong } = texts.files
  return { empty: nameEmpty, slash: nameSlash, dots: nameDots, long: nameLong }[problem]
}
