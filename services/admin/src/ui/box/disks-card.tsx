import { useSignal } from '@preact/signals'
import { api, type DiskHealth, type DiskInfo } from '../api/calls.ts'
import { bytesText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { JobProgress } from '../storage/job-progress.tsx'
import { Part } from './part.tsx'
import { contentsText, PrepareDialog } from './prepare-dialog.tsx'
import { dismiss, disks, driveFolders, healthOf, jobs, readDisks } from './state.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'

export function DisksCard() {
  const asked = useSignal<DiskInfo | null>(null)
  return (
    <Part title={texts.box.disks.title} from="disks" shown={disks.value} wide>
      {(found) => (
        <>
          <p class="lead">{texts.box.disks.text}</p>
          <Preparing />
          <ul class="item-list">
            {found.map((disk) => (
              <Disk key={disk.device} disk={disk} onUse={() => (asked.value = disk)} />
            ))}
          </ul>
          {found.length < 2 && <p class="faint">{texts.box.disks.only}</p>}
          {asked.value !== null && <PrepareDialog disk={asked.value} onClose={() => (asked.value = null)} />}
        </>
      )}
    </Part>
  )
}

function Preparing() {
  const job = jobs.value['prepare-drive']
  if (job === undefined) return null
  const label = texts.box.disks.preparing(job.about ?? '')
  if (job.state === 'running')
    return (
      <div class="box-job">
        <p>
          <strong>{label}</strong>
          <br />
          <span class="faint">{texts.box.disks.preparingText}</span>
        </p>
        <JobProgress job={job} label={label} percentOnly />
      </div>
    )
  return (
    <Notice kind={job.state === 'done' ? 'good' : 'bad'}>
      <div class="notice-line">
        <p>{job.state === 'done' ? `${texts.box.disks.added}.` : job.error && refusalText(job.error)}</p>
        <button type="button" class="button quiet" onClick={() => dismiss('prepare-drive')}>
          {texts.common.dismiss}
        </button>
      </div>
    </Notice>
  )
}

/** Prepared, but not (or not any more) a drive of this node. */
function isReady({ role, folder }: DiskInfo): boolean {
  return role === 'holt' && folder !== null && !driveFolders.value.some((one) => one.startsWith(`${folder}/`))
}

function Disk({ disk, onUse }: { disk: DiskInfo; onUse: () => void }) {
  const health = healthOf(disk)
  const ready = isReady(disk)
  const about = [bytesText(disk.sizeBytes), disk.connection.toUpperCase(), disk.device].filter(Boolean).join(' · ')
  return (
    <li class="item tall box-disk">
      <span class="icon-tile">
        <Icon name="drive" size={24} />
      </span>
      <div class="item-words">
        <strong>{disk.name}</strong> <span class="faint mono">{disk.serial}</span>
        <p class="box-chips">
          <span class={disk.role === 'holt' && !ready ? 'chip ok' : 'chip'}>{texts.box.disks.roles[ready ? 'ready' : disk.role]}</span>
          {health !== null && (
            <span class={`chip ${chipOf[health.state]}`} title={texts.box.disks.healthTitle}>
              {texts.box.disks.health[health.state]}
            </span>
          )}
        </p>
        <p class="faint">{about}</p>
        {health !== null && health.state !== 'unknown' && <p class="faint">{healthText(health)}</p>}
        {disk.role === 'foreign' && <p class="faint">{texts.box.disks.contents(contentsText(disk))}</p>}
        {health?.state === 'failing' && (
          <p class="field-error">
            {health.problems.map(capital).join(' ')} {texts.box.disks.failingText}
          </p>
        )}
        {health?.state === 'worn' && <p class="faint">{health.problems.map(capital).join(' ')}</p>}
      </div>
      <DiskButton disk={disk} ready={ready} onUse={onUse} />
    </li>
  )
}

const chipOf: Record<DiskHealth['state'], string> = { good: 'ok', worn: 'full', failing: 'missing', unknown: '' }

function DiskButton({ disk, ready, onUse }: { disk: DiskInfo; ready: boolean; onUse: () => void }) {
  const add = useAction(async () => {
    await api.addDrive(`${disk.folder}/holt`)
    await readDisks()
    toast('done', texts.box.disks.added)
  })
  const busy = jobs.value['prepare-drive']?.state === 'running'
  if (ready)
    return (
      <div class="box-disk-button">
        <button type="button" class="button primary" onClick={add.run} disabled={add.busy.value}>
          {texts.box.disks.add}
        </button>
        {add.error.value && <p class="field-error">{add.error.value}</p>}
      </div>
    )
  if (disk.role !== 'foreign' && disk.role !== 'empty') return null
  return (
    <div class="box-disk-button">
      <button type="button" class="button" onClick={onUse} disabled={busy}>
        {texts.box.disks.use}
      </button>
    </div>
  )
}

function healthText({ temperature, hours, defects, wearPercent }: DiskHealth): string {
  return [
    temperature === null ? '' : texts.box.disks.degrees(temperature),
    hours === null ? '' : texts.box.disks.hours(hours),
    defects === null ? '' : texts.box.disks.defects(defects),
    wearPercent === null ? '' : texts.box.disks.wear(wearPercent),
  ]
    .filter(Boolean)
    .join(' · ')
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
