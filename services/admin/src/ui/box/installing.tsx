import { Notice } from '../parts/notice.tsx'
import { JobProgress } from '../storage/job-progress.tsx'
import { refusalText, texts } from '../texts.ts'
import { cancel, dismiss, jobs } from './state.ts'
import { words as all } from './texts.ts'

const words = all.updates

/** How far an installation is, or why it ended without one. */
export function Installing() {
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
