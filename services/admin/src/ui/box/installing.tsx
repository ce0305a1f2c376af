import { Notice } from '../parts/notice.tsx'
import { JobProgress } from '../storage/job-progress.tsx'
import { cancel, dismiss, jobs } from './state.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'

/** How far an installation is, or why it ended without one. */
export function Installing() {
  const job = jobs.value['install-update']
  if (job === undefined || job.state === 'done') return null
  const label = texts.box.updates.installing(job.about ?? '')
  if (job.state === 'running')
    return (
      <div class="box-job">
        <p>
          <strong>{label}</strong>
          <br />
          <span class="faint">{texts.box.updates.cancelText}</span>
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
        <p>{job.error && job.state === 'failed' ? refusalText(job.error) : texts.box.updates.cancelled}</p>
        <button type="button" class="button quiet" onClick={() => dismiss('install-update')}>
          {texts.common.dismiss}
        </button>
      </div>
    </Notice>
  )
}
