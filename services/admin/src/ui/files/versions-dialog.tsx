import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, contentUrl, type Version } from '../api/calls.ts'
import { bytesText, dateText, exactDateText } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { nameOf } from '../paths.ts'
import { download } from '../save-file.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { refresh } from './folder.ts'

export function VersionsDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const versions = useSignal<Version[] | null>(null)
  useEffect(() => {
    api.versions(path).then((answer) => {
      versions.value = answer.versions
    }, toastRefusal)
  }, [])
  const restore = (version: Version): void => {
    api.restore(path, version.sequence).then(() => {
      toast('done', texts.files.versionsRestored)
      refresh()
      onClose()
    }, toastRefusal)
  }
  return (
    <Dialog title={texts.files.versionsTitle(nameOf(path))} onClose={onClose}>
      {versions.value === null && <Spinner label={texts.shell.loading} />}
      <ol class="versions">
        {versions.value?.map((version, i) => (
          <li key={version.sequence}>
            <span class="version-time" title={exactDateText(version.time)}>
              {i === 0 ? texts.files.versionsNow : dateText(version.time)}
              <span class="faint">{version.entry ? bytesText(version.entry.sizeBytes) : texts.files.versionsGone}</span>
            </span>
            {version.entry && (
              <button
                type="button"
                class="button icon-only quiet"
                aria-label={texts.files.download}
                title={texts.files.download}
                onClick={() => download(contentUrl(path, { at: version.sequence }), nameOf(path))}
              >
                <Icon name="download" />
              </button>
            )}
            {version.entry && i > 0 && versions.value?.[0]?.entry && (
              <button
                type="button"
                class="button icon-only quiet"
                aria-label={texts.past.compare}
                title={texts.past.compare}
                onClick={() => openFileDialog({ kind: 'compare', path, from: version.sequence })}
              >
                <Icon name="compare" />
              </button>
            )}
            {version.entry && i > 0 && (
              <button type="button" class="button" onClick={() => restore(version)}>
                {texts.files.versionsRestore}
              </button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  )
}
