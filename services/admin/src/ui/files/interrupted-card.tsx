import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { nameOf } from '../paths.ts'
import { texts } from '../texts/texts.ts'
import { chosenFiles } from './incoming.ts'
import { forgetJob, interrupted, lookForInterrupted } from './interrupted.ts'
import type { UploadJob } from './remembered-uploads.ts'
import { goOn, goOnWith } from './uploads.ts'

/** What was being uploaded when the page went away. */
export function InterruptedUploads() {
  useEffect(() => void lookForInterrupted(), [])
  if (interrupted.value.length === 0) return null
  return (
    <section class="interrupted" aria-label={texts.uploads.interrupted}>
      <h2>{texts.uploads.interrupted}</h2>
      <ul>
        {interrupted.value.map((job) => (
          <Job key={job.id} job={job} />
        ))}
      </ul>
    </section>
  )
}

function Job({ job }: { job: UploadJob }) {
  const input = useRef<HTMLInputElement>(null)
  const again = async (): Promise<void> => {
    if (!(await goOn(job))) input.current?.click()
  }
  const take = (event: Event): void => {
    const { files } = event.currentTarget as HTMLInputElement
    if (files !== null && files.length > 0) void goOnWith(job, chosenFiles(files))
  }
  return (
    <li class="interrupted-job">
      <Icon name={job.isFolder ? 'folder' : 'file'} />
      <span class="interrupted-text">
        <span>{job.name}</span>
        <span class="faint">{texts.uploads.interruptedFacts(job.count, nameOf(job.folder) || texts.files.top)}</span>
      </span>
      <button type="button" class="button" onClick={() => void again()}>
        {job.handle === null ? texts.uploads.chooseAgain : texts.uploads.goOn}
      </button>
      <button
        type="button"
        class="button icon-only quiet"
        aria-label={texts.uploads.forget(job.name)}
        title={texts.uploads.forget(job.name)}
        onClick={() => void forgetJob(job)}
      >
        <Icon name="close" size={16} />
      </button>
      <input
        ref={(element) => {
          input.current = element
          element?.toggleAttribute('webkitdirectory', job.isFolder)
        }}
        type="file"
        multiple
        class="hidden"
        tabIndex={-1}
        aria-label={texts.uploads.chooseAgain}
        data-upload="again"
        onChange={take}
      />
    </li>
  )
}
