import { useSignal } from '@preact/signals'
import { folderApi, type GivenFolderInfo } from '../api/folder-calls.ts'
import { dateText } from '../format.ts'
import { Notice } from '../parts/notice.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { RightForm } from './right-form.tsx'
import { readFolders } from './state.ts'

/** A folder of this owner, who reads it, and who may write where. */
export function GivenFolder({ folder }: { folder: GivenFolderInfo }) {
  const takeOver = useAction(async () => {
    await folderApi.takeOver(folder.id)
    await readFolders().catch(toastRefusal)
  })
  return (
    <li>
      <span class="shared-what">
        <a href={`#/files${folder.path.split('/').map(encodeURIComponent).join('/')}`}>
          <strong>{folder.path}</strong>
        </a>
      </span>
      {folder.missing && <Notice kind="warn">{texts.shared.missingMine}</Notice>}
      {!folder.here && (
        <Notice>
          {texts.shared.elsewhere}{' '}
          <button type="button" class="button" disabled={takeOver.busy.value} onClick={() => takeOver.run()}>
            {texts.shared.takeOver}
          </button>
        </Notice>
      )}
      <ul class="shared-people">
        {folder.readers.map((reader) => (
          <Reader key={reader.friend} folder={folder} reader={reader} />
        ))}
      </ul>
    </li>
  )
}

function Reader({ folder, reader: { friend, name } }: { folder: GivenFolderInfo; reader: GivenFolderInfo['readers'][number] }) {
  const asked = useSignal(false)
  const letting = useSignal(false)
  const grants = folder.grants.filter((grant) => grant.friend === friend)
  const shutOut = useAction(async () => {
    await folderApi.unshare(folder.id, friend)
    toast('done', texts.shared.shutOut(name))
    await readFolders().catch(toastRefusal)
  })
  return (
    <li>
      <span class="shared-what">
        <strong>{name}</strong>
        <span class="faint">{grants.length === 0 ? texts.shared.reads : texts.shared.readsAndWrites}</span>
      </span>
      {asked.value ? (
        <span class="shared-what">
          <span>{texts.shared.shutOutText(name)}</span>
          <button type="button" class="button danger" disabled={shutOut.busy.value} onClick={() => shutOut.run()}>
            {texts.shared.reallyShutOut}
          </button>
        </span>
      ) : (
        <span class="shared-buttons">
          {grants.length === 0 && !letting.value && (
            <button type="button" class="button" aria-label={texts.shared.letWriteOf(name)} onClick={() => (letting.value = true)}>
              {texts.shared.letWrite}
            </button>
          )}
          <button type="button" class="button" aria-label={texts.shared.shutOutOf(name)} onClick={() => (asked.value = true)}>
            {texts.shared.end}
          </button>
        </span>
      )}
      {letting.value && (
        <RightForm
          path="/"
          button={texts.shared.letWrite}
          onCancel={() => (letting.value = false)}
          onDone={async (right) => {
            await folderApi.letWrite(folder.id, friend, right)
            letting.value = false
            await readFolders().catch(toastRefusal)
          }}
        />
      )}
      {grants.map((grant) => (
        <Grant key={grant.id} folder={folder} grant={grant} name={name} />
      ))}
      {shutOut.error.value !== null && <p class="field-error">{shutOut.error.value}</p>}
    </li>
  )
}

function Grant({ folder, grant, name }: { folder: GivenFolderInfo; grant: GivenFolderInfo['grants'][number]; name: string }) {
  const revoke = useAction(async () => {
    await folderApi.revoke(folder.id, grant.id)
    toast('done', texts.shared.revoked(name))
    await readFolders().catch(toastRefusal)
  })
  const until = grant.expires === null ? texts.shared.forever : texts.shared.until(dateText(grant.expires))
  return (
    <div class="shared-grant">
      <span class="faint">
        {texts.shared.writesAt(grant.path)}, {until}
        {grant.depth > 0 && `, ${texts.shared.handedOnAgain[grant.depth > 1 ? '2' : '1']}`}
      </span>
      <button
        type="button"
        class="button"
        aria-label={texts.shared.revokeOf(name)}
        disabled={revoke.busy.value}
        onClick={() => revoke.run()}
      >
        {texts.shared.revoke}
      </button>
      {revoke.error.value !== null && <p class="field-error">{revoke.error.value}</p>}
    </div>
  )
}
