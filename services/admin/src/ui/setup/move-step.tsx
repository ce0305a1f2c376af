import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type FoundDrive } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { dateText } from '../format.ts'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { FolderAdder } from './folder-adder.tsx'

interface MoveStepProps {
  onChosen: (folders: string[]) => void
  onBack: () => void
}

/** Drives of an earlier box that are plugged in, or lie in a folder: found without any key, and only looked at. */
export function MoveStep({ onChosen, onBack }: MoveStepProps) {
  const found = useSignal<FoundDrive[] | null>(null)
  const chosen = useSignal<ReadonlySet<string>>(new Set())
  const take = (more: readonly FoundDrive[]): void => {
    const known = new Set(found.value?.map(({ id }) => id))
    found.value = [...(found.value ?? []), ...more.filter(({ id }) => !known.has(id))]
    // Those that belong together are chosen together.
    const owner = found.value[0]?.owner
    chosen.value = new Set(found.value.filter((drive) => drive.owner === owner).map(({ folder }) => folder))
  }
  const look = (): void => {
    api.findDrives().then((answer) => take(answer.found), toastRefusal)
  }
  useEffect(look, [])
  const lookIn = async (folder: string): Promise<void> => {
    const answer = await api.findDrives([folder])
    if (answer.found.length === 0) throw new Refusal('DRIVE_MISSING', 'no drive is there')
    take(answer.found)
  }
  const toggle = (folder: string): void => {
    const next = new Set(chosen.value)
    if (!next.delete(folder)) next.add(folder)
    chosen.value = next
  }
  return (
    <>
      <h1>{texts.setup.move.title}</h1>
      <p class="lead">{texts.setup.move.text}</p>
      {found.value === null && <Spinner label={texts.shell.loading} />}
      {found.value?.length === 0 && <Notice kind="info">{texts.setup.move.none}</Notice>}
      <ul class="found-drives">
        {found.value?.map((drive) => (
          <li key={drive.id}>
            <label class="found-drive">
              <input type="checkbox" checked={chosen.value.has(drive.folder)} onChange={() => toggle(drive.folder)} />
              <FoundText drive={drive} />
            </label>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={look}>
        {texts.setup.move.again}
      </button>
      <FolderAdder
        suggestions={[]}
        onAdd={lookIn}
        label={texts.setup.move.label}
        hint={texts.setup.move.hint}
        button={texts.setup.move.look}
      />
      <div class="buttons">
        <button type="button" class="button" onClick={onBack}>
          {texts.common.back}
        </button>
        <button type="button" class="button primary grow" disabled={chosen.value.size === 0} onClick={() => onChosen([...chosen.value])}>
          {texts.common.next}
        </button>
      </div>
    </>
  )
}

function FoundText({ drive: { folder, owner, created, fragments, openPacks, usedBytes } }: { drive: FoundDrive }) {
  return (
    <span class="folder-name">
      <span class="mono">{folder}</span>
      <span class="faint">{texts.setup.move.since(dateText(created), usedBytes)}</span>
      <span class="faint" title={`${owner} · ${texts.setup.move.pieces(fragments + openPacks)}`}>
        {texts.setup.move.owner(owner.slice(-6))}
      </span>
    </span>
  )
}
