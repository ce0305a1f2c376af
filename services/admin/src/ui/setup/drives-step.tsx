import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type ClassInfo, type DriveInfo, type DriveSuggestion } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { watchJob } from '../api/watch-job.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts.ts'
import { FolderAdder } from './folder-adder.tsx'

const words = texts.setup.drives

export function DrivesStep({ onDone }: { onDone: () => void }) {
  const drives = useSignal<DriveInfo[]>([])
  const suggestions = useSignal<DriveSuggestion[]>([])
  const standard = useSignal<ClassInfo | null>(null)
  const read = async (): Promise<void> => {
    const [listed, { classes }] = await Promise.all([api.drives(), api.classes()])
    drives.value = listed.drives
    suggestions.value = listed.suggestions
    standard.value = classes.find(({ name }) => name === 'standard') ?? classes[0] ?? null
  }
  useEffect(() => {
    read().catch(toastRefusal)
  }, [])
  const finish = useAction(async () => {
    await api.finishSetup()
    onDone()
  })
  const removing = useSignal<string | null>(null)
  const remove = async (drive: DriveInfo): Promise<void> => {
    removing.value = drive.id
    try {
      const { id } = await api.startJob({ kind: 'remove-drive', drive: drive.id, force: false })
      await new Promise<void>((resolve, reject) => {
        watchJob(id, (job) => {
          if (job.error) reject(new Refusal(job.error.code, job.error.message, job.error))
          else if (job.state !== 'running') resolve()
        })
      })
    } finally {
      removing.value = null
      await read()
    }
  }
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.text}</p>
      <ul class="folder-list">
        {drives.value.map((drive) => (
          <li key={drive.id}>
            <Icon name="drive" />
            <span class="folder-name">
              <span class="mono">{drive.folder}</span>
              <span class="faint">{words.free(drive.freeBytes)}</span>
            </span>
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={`${texts.files.remove} ${drive.folder}`}
              disabled={removing.value !== null || drives.value.length < 2}
              onClick={() => remove(drive).catch(toastRefusal)}
            >
              <Icon name="close" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <FolderAdder
        suggestions={suggestions.value}
        onAdd={async (folder) => {
          await api.addDrive(folder)
          await read()
        }}
      />
      {standard.value && <Survives drives={drives.value.length} standard={standard.value} />}
      {finish.error.value && <Notice kind="bad">{finish.error.value}</Notice>}
      <button type="button" class="button primary wide" onClick={finish.run} disabled={finish.busy.value || removing.value !== null}>
        {words.button}
      </button>
    </>
  )
}

/** What the drives so far are good for. */
function Survives({ drives, standard }: { drives: number; standard: ClassInfo }) {
  const losses = standard.totalFragments - standard.dataFragments
  if (drives === 0) return <Notice kind="warn">{texts.storage.noDrivesText}</Notice>
  if (losses === 0) return <Notice kind="warn">{texts.storage.bareText}</Notice>
  return (
    <Notice kind="good">
      <strong>{texts.storage.safe(losses)}.</strong> {texts.storage.layoutText(standard.dataFragments, standard.totalFragments)}
    </Notice>
  )
}
