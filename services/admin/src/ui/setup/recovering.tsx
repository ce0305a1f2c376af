import { api, type Job } from '../api/calls.ts'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { JobProgress } from '../storage/job-progress.tsx'
import { texts } from '../texts/texts.ts'

/** Files are on their way back. */
export function Recovering({ job }: { job: Job }) {
  const copies = job.progress?.phase === 'copy'
  const stop = useAction(async () => void (await api.cancelJob(job.id)))
  return (
    <>
      <h1>{copies ? texts.setup.move.copying : texts.setup.restore.working}</h1>
      <p class="lead">{texts.setup.restore.workingText}</p>
      <JobProgress job={job} label={texts.storage.job.recover} />
      <button type="button" class="button" onClick={stop.run} disabled={stop.busy.value}>
        {texts.common.cancel}
      </button>
    </>
  )
}

interface Result {
  lostPacks?: number
  copied?: { damaged: number }
  friends?: { friends: number; late: number; behind: boolean }
}

export function Recovered({ job, onDone }: { job: Job; onDone: () => void }) {
  const { lostPacks = 0, copied, friends } = (job.result ?? {}) as Result
  const finish = useAction(async () => {
    await api.finishSetup()
    onDone()
  })
  return (
    <>
      <h1>{copied ? texts.setup.move.moved : texts.storage.jobDone.recover}</h1>
      <Notice kind={lostPacks > 0 ? 'warn' : 'good'}>
        {lostPacks > 0 ? texts.setup.restore.lost(lostPacks) : texts.setup.restore.done}
      </Notice>
      {friends && <Notice kind="info">{texts.setup.restore.fromFriends(friends.friends)}</Notice>}
      {friends && friends.late > 0 && <Notice kind="info">{texts.setup.restore.late(friends.late)}</Notice>}
      {friends?.behind === true && <Notice kind="warn">{texts.setup.restore.behind}</Notice>}
      {copied && <Notice kind="info">{texts.setup.move.keep}</Notice>}
      {copied && copied.damaged > 0 && <Notice kind="warn">{texts.setup.move.damaged(copied.damaged)}</Notice>}
      {finish.error.value && <Notice kind="bad">{finish.error.value}</Notice>}
      <button type="button" class="button primary wide" onClick={finish.run} disabled={finish.busy.value}>
        {texts.common.next}
      </button>
    </>
  )
}
