import { api, type Job } from './calls.ts'
import { refusalOf } from './request.ts'

const RECONNECT_MS = 1000

/**
 * Follows a job by the node's events until it has ended, also through lost connections.
 *
 * @returns a function that stops following; the job itself goes on.
 */
export function watchJob(id: string, onChange: (job: Job) => void): () => void {
  let stopped = false
  let source: EventSource | null = null
  const stop = (): void => {
    stopped = true
    source?.close()
  }
  const take = (job: Job): void => {
    if (stopped) return
    if (job.state !== 'running') stop()
    onChange(job)
  }
  const connect = (): void => {
    if (stopped) return
    source = new EventSource(`api/jobs/${id}/events`)
    source.addEventListener('job', (event) => take(JSON.parse((event as MessageEvent<string>).data) as Job))
    source.addEventListener('error', () => {
      source?.close()
      setTimeout(askOnce, RECONNECT_MS)
    })
  }
  // After a lost connection: the job may have ended, or nobody may know it any more.
  const askOnce = (): void => {
    if (stopped) return
    api.job(id).then(
      (job) => {
        take(job)
        connect()
      },
      (error: unknown) => {
        const { code } = refusalOf(error)
        if (code === 'OFFLINE') setTimeout(askOnce, RECONNECT_MS)
        else stop()
      },
    )
  }
  connect()
  return stop
}
