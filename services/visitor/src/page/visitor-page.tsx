import { Logo } from '@holt/admin/ui/parts/icons.tsx'
import type { HoltError } from '@holt/core/errors.ts'
import { useEffect } from 'preact/hooks'
import { FilePage } from './file-view.tsx'
import { FolderPage } from './folder-view.tsx'
import { exactDateText } from '@holt/admin/ui/format.ts'
import type { Opened } from './open-link.ts'
import { texts } from './texts.ts'
import { open, placeIn, visit } from './visit.ts'

export function VisitorPage() {
  const now = visit.value
  switch (now.state) {
    case 'opening':
      return (
        <main class="visit-middle" aria-busy="true">
          <p role="status">{texts.opening}</p>
        </main>
      )
    case 'open':
      return <Shared opened={now.opened} />
    case 'no-secret':
      return <Refused text={texts.noSecret} />
    case 'refused':
      return <Refused text={refusalText(now.error)} again code={now.error.code} />
  }
}

/** In plain words. What has no words of its own is an answer that no honest node gives. */
export function refusalText({ code }: Pick<HoltError, 'code'>): string {
  return texts.refused[code] ?? texts.other
}

function Shared({ opened }: { opened: Opened }) {
  const { label, name, expires, content } = opened
  useEffect(() => {
    document.title = texts.title(label || name)
  }, [label])
  return (
    <div class="visit">
      <header class="visit-head">
        <Logo size={36} />
        <div class="visit-title">
          <p class="faint">{texts.shared}</p>
          <h1>{label || name}</h1>
        </div>
      </header>
      <main>
        {content.kind === 'file' ? (
          <FilePage file={content.file} name={name} />
        ) : (
          <FolderPage folder={content.folder} path={placeIn.value} />
        )}
      </main>
      <footer class="visit-foot">
        {expires !== null && <p>{texts.until(exactDateText(expires))}</p>}
        <p>{texts.privacy}</p>
      </footer>
    </div>
  )
}

function Refused({ text, again = false, code }: { text: string; again?: boolean; code?: string }) {
  return (
    <main class="visit-middle">
      <div class="card narrow visit-refused">
        <Logo size={44} />
        <h1>{texts.refusedTitle}</h1>
        <p title={code}>{text}</p>
        {again && (
          <button type="button" class="button primary" onClick={() => void open()}>
            {texts.again}
          </button>
        )}
      </div>
    </main>
  )
}
