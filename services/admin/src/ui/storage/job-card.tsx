import type { DoctorReport } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { refusalText, texts } from '../texts.ts'
import { JobProgress } from './job-progress.tsx'
import { cancelJob, cancelling, dismissJob, type StorageJob } from './state.ts'

const words = texts.storage
const SHOWN_PROBLEMS = 50

/** Long work: how far it is, then what came of it. */
export function JobCard({ job }: { job: StorageJob }) {
  const running = job.state === 'running'
  return (
    <section class="card job">
      <header class="job-head">
        <div class="job-title" role="status">
          <h2>{running ? words.job[job.kind] : job.state === 'done' ? words.jobDone[job.kind] : words.job[job.kind]}</h2>
        </div>
        {running ? (
          <button type="button" class="button" onClick={cancelJob} disabled={cancelling.value}>
            {cancelling.value ? words.cancelling : texts.common.cancel}
          </button>
        ) : (
          <button type="button" class="button icon-only quiet" aria-label={texts.common.dismiss} onClick={dismissJob}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {running && <JobProgress job={job} label={words.job[job.kind]} />}
      {job.state === 'cancelled' && <Notice>{words.jobCancelled}</Notice>}
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
        {healthy ? words.healthy : `${words.problems(problems.filter(({ repaired }) => !repaired).length)}.`}{' '}
        {words.checked(bytesChecked, fragmentsChecked)} {repairedFragments > 0 && words.repairedFragments(repairedFragments)}
      </Notice>
      {problems.length > 0 && (
        <ul class="problems">
          {problems.slice(0, SHOWN_PROBLEMS).map((problem, i) => (
            <li key={i}>
              <span class={problem.repaired ? 'chip ok' : 'chip missing'}>{problem.repaired ? words.mended : words.notMended}</span>
              <span>{words.problem[problem.what]}</span>
              <span class="faint mono">{problem.where}</span>
            </li>
          ))}
          {problems.length > SHOWN_PROBLEMS && <li class="faint">{words.problemsMore(problems.length - SHOWN_PROBLEMS)}</li>}
        </ul>
      )}
    </>
  )
}
