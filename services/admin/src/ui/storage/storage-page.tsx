import '../style/storage.css'
import '../style/plans.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DriveInfo } from '../api/calls.ts'
import { bytesText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { AddDriveDialog, RemoveDriveDialog } from './drive-dialogs.tsx'
import { ChecksCard } from './checks-card.tsx'
import { ClassesCard } from './classes-card.tsx'
import { DriveCard } from './drive-card.tsx'
import { healthOf } from './health.ts'
import { JobCard } from './job-card.tsx'
import { lookAtPlans, readChecks, spaceLooked } from './plans-state.ts'
import { RetentionCard } from './retention-card.tsx'
import { SpaceCard } from './space-card.tsx'
import { Spread } from './spread.tsx'
import { ThumbnailsCard } from './thumbnails-card.tsx'
import { classes, drives, job, jobRuns, lookAtStorage, startJob, status } from './state.ts'

type StorageDialog = { kind: 'add' } | { kind: 'remove'; drive: DriveInfo }
const dialog = signal<StorageDialog | null>(null)

export function StoragePage() {
  const close = (): void => {
    dialog.value = null
  }
  useEffect(lookAtStorage, [])
  useEffect(lookAtPlans, [])
  useEffect(() => {
    if (!jobRuns.value) readChecks().catch(() => {})
  }, [jobRuns.value])
  useEffect(() => close, [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.storage.title}</h1>
        <div class="actions stretch">
          <button
            type="button"
            class="button"
            onClick={() => startJob({ kind: 'verify' }).catch(toastRefusal)}
            disabled={jobRuns.value}
            title={texts.storage.verifyTitle}
          >
            <Icon name="shield" />
            {texts.storage.verify}
          </button>
          <button type="button" class="button" onClick={() => (dialog.value = { kind: 'add' })}>
            <Icon name="plus" />
            {texts.storage.addDrive}
          </button>
        </div>
      </header>
      <Overview />
      {dialog.value?.kind === 'add' && <AddDriveDialog onClose={close} />}
      {dialog.value?.kind === 'remove' && <RemoveDriveDialog drive={dialog.value.drive} onClose={close} />}
    </>
  )
}

function Overview() {
  if (drives.value === null || status.value === null || !spaceLooked.value) return <Spinner label={texts.shell.loading} />
  const most = Math.max(1, ...drives.value.map(({ fragmentCount }) => fragmentCount))
  return (
    <div class="storage">
      <HealthCard />
      {job.value && <JobCard job={job.value} />}
      <SpaceCard />
      <section aria-labelledby="drives-title">
        <h2 id="drives-title">{texts.storage.drives}</h2>
        <ul class="drives">
          {worstFirst(drives.value).map((drive) => (
            <DriveCard key={drive.id} drive={drive} mostFragments={most} onRemove={() => (dialog.value = { kind: 'remove', drive })} />
          ))}
        </ul>
      </section>
      <ClassesCard />
      <ChecksCard />
      <RetentionCard />
      <ThumbnailsCard />
      {classes.value.length > 0 && <Spread classes={classes.value} />}
    </div>
  )
}

/** What needs a person's eye comes first. */
function worstFirst(all: readonly DriveInfo[]): DriveInfo[] {
  const order: DriveInfo['state'][] = ['missing', 'failing', 'full', 'removing', 'ok']
  return [...all].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}

function HealthCard() {
  if (drives.value === null || status.value === null) return null
  const health = healthOf(drives.value, classes.value, status.value)
  const { store } = status.value
  const onDrives = drives.value.reduce((sum, { fragmentBytes }) => sum + fragmentBytes, 0)
  const free = drives.value.filter(({ state }) => state === 'ok').reduce((sum, { freeBytes }) => sum + freeBytes, 0)
  return (
    <section class={`health ${health.level}`} aria-live="polite">
      <div class="health-top">
        <span class="health-mark">
          <Icon name={health.level === 'good' ? 'shield' : 'warning'} size={34} />
        </span>
        <div class="health-words">
          <h2>{health.title}</h2>
          <p>{health.text}</p>
        </div>
        {health.repair && (
          <button
            type="button"
            class="button primary"
            onClick={() => startJob({ kind: 'repair' }).catch(toastRefusal)}
            disabled={jobRuns.value}
            title={texts.storage.repairTitle}
          >
            <Icon name="wrench" />
            {texts.storage.repair}
          </button>
        )}
      </div>
      <dl class="figures">
        <div title={texts.storage.storedTerm(store.blocks, store.packs)}>
          <dt>{texts.storage.stored}</dt>
          <dd>{bytesText(store.packBytes)}</dd>
        </div>
        <div>
          <dt>{texts.storage.onDrives}</dt>
          <dd>{bytesText(onDrives)}</dd>
        </div>
        <div>
          <dt>{texts.storage.freeAll}</dt>
          <dd>{bytesText(free)}</dd>
        </div>
      </dl>
    </section>
  )
}
