import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type ClassInfo, type DriveInfo } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { watchJob } from '../api/watch-job.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { isOwnFolder } from '../storage/drive-name.ts'
import { classes, drives, readStorage, suggestions } from '../storage/state.ts'
import { texts } from '../texts/texts.ts'
import { FolderAdder } from './folder-adder.tsx'

export function DrivesStep({ onDone }: { onDone: () => void }) {
  useEffect(() => {
    readStorage().catch(toastRefusal)
  }, [])
  const all = drives.value ?? []
  const standard = classes.value.find(({ name }) => name === 'standard')
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
      await readStorage()
    }
  }
  return (
    <>
      <h1>{texts.setup.drives.title}</h1>
      <p class="lead">{texts.setup.drives.text}</p>
      <ul class="folder-list">
        {all.map((drive) => (
          <li key={drive.id}>
            <Icon name="drive" />
            <span class="folder-name">
              <span class="mono">{drive.folder}</span>
              <span class="faint">{isOwnFolder(drive.folder) ? texts.setup.drives.local : texts.setup.drives.free(drive.freeBytes)}</span>
            </span>
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={`${texts.files.remove} ${drive.folder}`}
              disabled={removing.value !== null || all.length < 2}
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
          await readStorage()
        }}
      />
      {standard && <Survives drives={all.length} standard={standard} />}
      {finish.error.value && <Notice kind="bad">{finish.error.value}</Notice>}
      <button type="button" class="button primary wide" onClick={finish.run} disabled={finish.busy.value || removing.value !== null}>
        {texts.setup.drives.button}
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
