import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type DriveSuggestion, type Job } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { watchJob } from '../api/watch-job.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { FolderAdder } from './folder-adder.tsx'
import { FriendPlaces } from './friend-places.tsx'
import { HowToMove } from './how-to-move.tsx'
import { Recovered, Recovering } from './recovering.tsx'

interface RecoverStepProps {
  /** Drives that were chosen before; none where somebody restores. */
  from: readonly string[]
  onDone: () => void
  onBack: () => void
}

/** Names the drives, then follows the recovery; a recovery that runs already is taken up. */
export function RecoverStep({ from, onDone, onBack }: RecoverStepProps) {
  const folders = useSignal<string[]>([...from])
  /** Who moves wants the old drives as they are; who lost a machine has only these. */
  const copyTo = useSignal<string | null>(from.length > 0 ? '' : null)
  const suggestions = useSignal<DriveSuggestion[]>([])
  const friends = useSignal<string[]>([])
  const empty = useSignal(false)
  const job = useSignal<Job | null>(null)
  const follow = (started: Job): void => {
    job.value = started
    watchJob(started.id, (changed) => {
      job.value = changed
    })
  }
  useEffect(() => {
    api.setupState().then((state) => {
      suggestions.value = state.suggestions
    }, toastRefusal)
    api.jobs().then(({ jobs }) => {
      const running = jobs.find(({ kind, state }) => kind === 'recover' && state === 'running')
      if (running) follow(running)
    }, toastRefusal)
  }, [])
  /** With friends the drives may be new ones, to be filled. */
  const mayCopy = folders.value.length > 0 && !empty.value && friends.value.length === 0
  const start = useAction(async () =>
    follow(
      await api.recover(folders.value, {
        empty: empty.value,
        copyTo: mayCopy ? copyTo.value : null,
        friends: empty.value ? [] : friends.value,
      }),
    ),
  )
  const isNamed = folders.value.length > 0 || (friends.value.length > 0 && !empty.value)
  const add = async (folder: string): Promise<void> => {
    if (!folder.startsWith('/')) throw new Refusal('PATH_INVALID', 'not a full path')
    if (!folders.value.includes(folder)) folders.value = [...folders.value, folder]
  }

  const others = suggestions.value.filter(({ folder }) => !folders.value.includes(folder))
  if (job.value?.state === 'running') return <Recovering job={job.value} />
  if (job.value?.state === 'done') return <Recovered job={job.value} onDone={onDone} />
  return (
    <>
      <h1>{texts.setup.restore.drivesTitle}</h1>
      <p class="lead">{texts.setup.restore.drivesText}</p>
      <ul class="folder-list">
        {folders.value.map((folder) => (
          <li key={folder}>
            <Icon name="drive" />
            <span class="folder-name mono">{folder}</span>
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={`${texts.files.remove} ${folder}`}
              onClick={() => (folders.value = folders.value.filter((one) => one !== folder))}
            >
              <Icon name="close" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <FolderAdder suggestions={others} onAdd={add} focus />
      {!empty.value && <FriendPlaces places={friends} />}
      {mayCopy && <HowToMove copyTo={copyTo} suggestions={others} />}
      <label class="checkbox">
        <input type="checkbox" checked={empty.value} onChange={(event) => (empty.value = event.currentTarget.checked)} />
        {texts.setup.restore.empty}
      </label>
      {job.value?.state === 'cancelled' && <Notice kind="info">{texts.setup.move.stopped}</Notice>}
      {job.value?.state === 'failed' && job.value.error && <Notice kind="bad">{refusalText(job.value.error)}</Notice>}
      {start.error.value && <Notice kind="bad">{start.error.value}</Notice>}
      <div class="buttons">
        <button type="button" class="button" onClick={onBack}>
          {texts.common.back}
        </button>
        <button type="button" class="button primary grow" onClick={start.run} disabled={start.busy.value || !isNamed}>
          {texts.setup.restore.drivesButton}
        </button>
      </div>
    </>
  )
}
