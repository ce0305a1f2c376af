import '../style/shared.css'
import { useEffect } from 'preact/hooks'
import type { FoldersStatus } from '../api/folder-calls.ts'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { texts } from '../texts/texts.ts'
import { GivenFolder } from './given-folder.tsx'
import { RequestRow } from './request-row.tsx'
import { ShareFolderForm } from './share-folder-form.tsx'
import { folders, followFolders } from './state.ts'
import { TakenFolder } from './taken-folder.tsx'

/** Folders that friends read or change, theirs, and who would like to write. */
export function SharedPage() {
  useEffect(followFolders, [])
  const status = folders.value
  return (
    <>
      <header class="page-head">
        <h1>{texts.shared.title}</h1>
      </header>
      <div class="shared">
        <p class="lead">{texts.shared.lead}</p>
        {status === null ? <Spinner label={texts.shell.loading} /> : <Folders status={status} />}
      </div>
    </>
  )
}

function Folders({ status: { running, given, taken } }: { status: FoldersStatus }) {
  if (!running) return <Notice kind="warn">{texts.shared.notRunning}</Notice>
  const requests = given.flatMap((folder) => folder.requests.map((request) => ({ folder, request })))
  const shown = taken.filter(({ state }) => state !== 'declined')
  return (
    <>
      {requests.length > 0 && (
        <section class="card" aria-labelledby="requests-title">
          <h2 id="requests-title">{texts.shared.requests}</h2>
          <ul class="shared-list">
            {requests.map(({ folder, request }) => (
              <RequestRow key={request.id} folder={folder} request={request} />
            ))}
          </ul>
        </section>
      )}
      <section class="card" aria-labelledby="taken-title">
        <h2 id="taken-title">{texts.shared.ofFriends}</h2>
        {shown.length === 0 && <p class="faint">{texts.shared.noneOfFriends}</p>}
        <ul class="shared-list">
          {shown.map((folder) => (
            <TakenFolder key={folder.id} folder={folder} />
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="given-title">
        <h2 id="given-title">{texts.shared.mine}</h2>
        {given.length === 0 && <p class="faint">{texts.shared.noneOfMine}</p>}
        <ul class="shared-list">
          {given.map((folder) => (
            <GivenFolder key={folder.id} folder={folder} />
          ))}
        </ul>
        <ShareFolderForm />
      </section>
    </>
  )
}
