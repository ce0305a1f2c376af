import { signal } from '@preact/signals'
import { api, type UpdateOffer, type Updates, type UpdateStatus } from '../api/calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { JobProgress } from '../storage/job-progress.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { refusalText, texts } from '../texts.ts'
import { restart } from './away.tsx'
import { GiveDialog } from './give-dialog.tsx'
import { Part } from './part.tsx'
import { PlanForm } from './plan-form.tsx'
import { begin, cancel, dismiss, isInstalling, jobs, updates } from './state.ts'
import { words as all } from './texts.ts'

const words = all.updates
const giving = signal(false)

export function UpdatesCard() {
  return (
    <Part title={words.title} from="updates" shown={updates.value} wide>
      {({ status, plan }: Updates) =>
        status.available ? (
          <>
            <Running status={status} />
            <State status={status} />
            <Installing />
            {plan !== null && <Offers offers={plan.offers.filter(({ version }) => version !== waitingOf(status)?.version)} />}
            {plan !== null && <PlanForm state={plan} />}
            {giving.value && <GiveDialog onClose={() => (giving.value = false)} />}
          </>
        ) : (
          <p class="lead">{words.none}</p>
        )
      }
    </Part>
  )
}

function Running({ status: { version, booted, slots } }: { status: UpdateStatus }) {
  const now = slots.find(({ name }) => name === booted)
  const other = slots.find(({ name }) => name !== booted)
  return (
    <dl class="facts">
      <div>
        <dt>{words.version}</dt>
        <dd>
          <strong>{version ?? '–'}</strong>
        </dd>
      </div>
      <div>
        <dt>{words.installed}</dt>
        <dd>{now?.installed ? isoText(now.installed) : words.flashed}</dd>
      </div>
      <div>
        <dt>{words.before}</dt>
        <dd>{fallback(other)}</dd>
      </div>
    </dl>
  )
}

function fallback(other: UpdateStatus['slots'][number] | undefined): string {
  if (other === undefined || other.version === null) return words.beforeNone
  return other.bootStatus === 'bad' ? words.beforeBad : words.offer(other.version)
}

/** The slot that runs after a restart. */
function waitingOf({ next, slots }: UpdateStatus): UpdateStatus['slots'][number] | undefined {
  return next === null ? undefined : slots.find(({ name }) => name === next)
}

/** What is unusual about it, in plain words. */
function State({ status }: { status: UpdateStatus }) {
  const { version, onTrial, fellBackFrom } = status
  const waiting = waitingOf(status)
  if (isInstalling.value) return null
  return (
    <>
      {onTrial && <Notice>{words.trial(version ?? '')}</Notice>}
      {fellBackFrom !== null && <Notice kind="warn">{words.fellBack(fellBackFrom)}</Notice>}
      {waiting !== undefined && (
        <Notice kind="good">
          <div class="notice-line">
            <p>
              <strong>{words.waiting(waiting.version ?? '')}</strong> {words.waitingText}
            </p>
            <button type="button" class="button primary" onClick={() => restart().catch(toastRefusal)}>
              <Icon name="power" />
              {words.restart}
            </button>
          </div>
        </Notice>
      )}
    </>
  )
}

function Installing() {
  const job = jobs.value['install-update']
  if (job === undefined || job.state === 'done') return null
  const label = words.installing(job.about ?? '')
  if (job.state === 'running')
    return (
      <div class="box-job">
        <p>
          <strong>{label}</strong>
          <br />
          <span class="faint">{words.cancelText}</span>
        </p>
        <button type="button" class="button" onClick={() => cancel('install-update')}>
          {texts.common.cancel}
        </button>
        <JobProgress job={job} label={label} percentOnly />
      </div>
    )
  return (
    <Notice kind={job.state === 'failed' ? 'bad' : 'info'}>
      <div class="notice-line">
        <p>{job.error && job.state === 'failed' ? refusalText(job.error) : words.cancelled}</p>
        <button type="button" class="button quiet" onClick={() => dismiss('install-update')}>
          {texts.common.dismiss}
        </button>
      </div>
    </Notice>
  )
}

function Offers({ offers }: { offers: readonly UpdateOffer[] }) {
  const looking = jobs.value['fetch-updates']?.state === 'running'
  return (
    <>
      <h3>{words.offers}</h3>
      {offers.length === 0 && <p class="faint">{words.nothing}</p>}
      <ul class="item-list">
        {offers.map((offer) => (
          <Offer key={offer.path} offer={offer} />
        ))}
      </ul>
      <div class="box-buttons">
        <button
          type="button"
          class="button"
          title={words.lookTitle}
          disabled={looking || isInstalling.value}
          onClick={() => begin(api.lookForUpdates()).catch(toastRefusal)}
        >
          <Icon name="history" />
          {looking ? words.looking : words.look}
        </button>
        <button type="button" class="button" disabled={isInstalling.value} onClick={() => (giving.value = true)}>
          <Icon name="upload" />
          {words.fromFile}
        </button>
      </div>
    </>
  )
}

function Offer({ offer: { path, version, changes, built } }: { offer: UpdateOffer }) {
  const facts = [built === '' ? '' : words.built(isoText(built)), words.from[sourceOf(path)]].filter(Boolean).join(' · ')
  return (
    <li class="item tall">
      <div class="item-words">
        <strong>{words.offer(version)}</strong>
        <p class="faint">{facts}</p>
        <p class="box-changes">{changes === '' ? words.changesNone : changes}</p>
      </div>
      <button
        type="button"
        class="button primary"
        aria-label={words.installOf(version)}
        disabled={isInstalling.value}
        onClick={() => begin(api.installUpdate(path)).catch(toastRefusal)}
      >
        {words.install}
      </button>
    </li>
  )
}

function sourceOf(path: string): keyof typeof words.from {
  if (path.startsWith('/run/media/')) return 'stick'
  if (path.startsWith('/data/system/updates/tree/')) return 'tree'
  return path.startsWith('/data/holt/') ? 'given' : 'staged'
}

function isoText(text: string): string {
  return dateText(Date.parse(text) / 1000) || text
}
