import type { DoctorReport } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { JobProgress } from './job-progress.tsx'
import { cancelJob, cancelling, dismissJob, type StorageJob } from './state.ts'

const SHOWN_PROBLEMS = 50

/** Long work: how far it is, then what came of it. */
export function JobCard({ job }: { job: StorageJob }) {
  const running = job.state === 'running'
  return (
    <section class="card job">
      <header class="job-head">
        <div class="job-title" role="status">
          <h2>
            {running ? texts.storage.job[job.kind] : job.state === 'done' ? texts.storage.jobDone[job.kind] : texts.storage.job[job.kind]}
          </h2>
        </div>
        {running ? (
          <button type="button" class="button" onClick={cancelJob} disabled={cancelling.value}>
            {cancelling.value ? texts.storage.cancelling : texts.common.cancel}
          </button>
        ) : (
          <button type="button" class="button icon-only quiet" aria-label={texts.common.dismiss} onClick={dismissJob}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {running && <JobProgress job={job} label={texts.storage.job[job.kind]} />}
      {job.state === 'cancelled' && <Notice>{texts.storage.jobCancelled}</Notice>}
      {job.state === 'failed' && job.error && <Notice kind="bad">{refusalText(job.error)}</Notice>}
      {job.state === 'done' && (job.kind === 'verify' || job.kind === 'repair') && <Report report={job.result as DoctorReport} />}
    </section>
  )
}

function Report({ report }: { report: DoctorReport }) {
  const { problems, healthy, bytesChecked, fragmentsChecked, repairedFragments } = report
  return (
    <>
      <Notice kind={healthy ? 'good' : 'warn'}>
        {healthy ? texts.storage.healthy : `${texts.storage.problems(problems.filter(({ repaired }) => !repaired).length)}.`}{' '}
        {texts.storage.checked(bytesChecked, fragmentsChecked)}{' '}
        {repairedFragments > 0 && texts.storage.repairedFragments(repairedFragments)}
      </Notice>
      {problems.length > 0 && (
        <ul class="problems">
          {problems.slice(0, SHOWN_PROBLEMS).map((problem, i) => (
            <li key={i}>
              <span class={problem.repaired ? 'chip ok' : 'chip missing'}>
                {problem.repaired ? texts.storage.mended : texts.storage.notMended}
              </span>
              <span>{texts.storage.problem[problem.what]}</span>
              <span class="faint mono">{problem.where}</span>
            </li>
          ))}
          {problems.length > SHOWN_PROBLEMS && <li class="faint">{texts.storage.problemsMore(problems.length - SHOWN_PROBLEMS)}</li>}
        </ul>
      )}
    </>
  )
}
