import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { api, type ClassInfo, type Entry, type ShareInfo } from '../../api/calls.ts'
import { bytesText, exactDateText } from '../../format.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Spinner } from '../../parts/progress.tsx'
import { isAtOrUnder, nameOf, parentOf } from '../../paths.ts'
import { hrefOf } from '../../state/location.ts'
import { isOwner } from '../../state/session.ts'
import { toastRefusal } from '../../state/toasts.ts'
import { texts } from '../../texts/texts.ts'
import { kindOf } from '../kinds.ts'
import { Thumbnail } from '../thumbnails/thumbnail.tsx'

interface Facts {
  entry: Entry
  versions: number
  /** The owner's only. */
  kept: ClassInfo | null
  shares: ShareInfo[] | null
}

/** So many are counted. */
const MOST_VERSIONS = 100

/** Everything about one file or folder, in words. */
export function DetailsDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const facts = useSignal<Facts | null>(null)
  useEffect(() => {
    readFacts(path).then((read) => {
      facts.value = read
    }, toastRefusal)
  }, [path])
  return (
    <Dialog title={nameOf(path)} onClose={onClose}>
      {facts.value === null ? <Spinner label={texts.shell.loading} /> : <FactList path={path} facts={facts.value} onClose={onClose} />}
    </Dialog>
  )
}

async function readFacts(path: string): Promise<Facts> {
  const [entry, { versions }, kept, shares] = await Promise.all([
    api.stat(path),
    api.versions(path),
    isOwner.value ? keptAs(path) : null,
    isOwner.value ? api.shares() : null,
  ])
  return {
    entry,
    versions: versions.filter((version) => version.entry !== null).length,
    kept,
    shares: shares?.shares.filter((share) => !share.expired && isAtOrUnder(path, share.path)) ?? null,
  }
}

async function keptAs(path: string): Promise<ClassInfo | null> {
  const [{ redundancyClass }, { classes }] = await Promise.all([api.follow(path), api.classes()])
  return classes.find(({ name }) => name === redundancyClass) ?? null
}

function FactList({ path, facts, onClose }: { path: string; facts: Facts; onClose: () => void }) {
  const { entry, versions, kept, shares } = facts
  return (
    <>
      {kindOf(entry) === 'picture' && (
        <div class="details-picture">
          <Thumbnail path={path} entry={entry} />
        </div>
      )}
      <dl class="details">
        <Fact name={texts.past.kind}>{texts.past.kinds[kindOf(entry)]}</Fact>
        {entry.type === 'file' && <Fact name={texts.files.size}>{bytesText(entry.sizeBytes)}</Fact>}
        <Fact name={texts.files.changed}>{exactDateText(entry.modified)}</Fact>
        <Fact name={texts.past.folder}>
          <a href={hrefOf({ page: 'files', path: parentOf(path) })} onClick={onClose}>
            {parentOf(path) === '/' ? texts.files.top : parentOf(path).slice(1)}
          </a>
        </Fact>
        <Fact name={texts.past.versions}>{texts.past.versionCount(versions, versions >= MOST_VERSIONS)}</Fact>
        {kept && (
          <Fact name={texts.past.kept}>
            {texts.past.survives(kept.lossesSurvived)}{' '}
            <span class="faint">{texts.past.code(kept.name, kept.dataFragments, kept.totalFragments)}</span>
          </Fact>
        )}
        {shares && (
          <Fact name={texts.past.shared}>
            {shares.length === 0 ? texts.past.notShared : shares.map((share) => share.label || nameOf(share.path)).join(', ')}
          </Fact>
        )}
      </dl>
      {isOwner.value && (
        <p>
          <a href={hrefOf({ page: 'tree', path })} onClick={onClose}>
            {texts.past.toTree}
          </a>
        </p>
      )}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
