import type { PackInfo } from '../api/calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { hrefOf } from '../state/location.ts'
import { toastRefusal } from '../state/toasts.ts'
import { driveName } from '../storage/drive-name.ts'
import { texts } from '../texts/texts.ts'
import { drives, searchUpward, stopSearch, upward } from './state.ts'

/** One pack: its fragments and the drives that hold them, and the way up to the paths. */
export function PackCard({ pack }: { pack: PackInfo }) {
  const { dataFragments: k, totalFragments: n } = pack
  return (
    <section class="card tree-pack" aria-labelledby="pack-title">
      <h2 id="pack-title" title={texts.tree.packTerm}>
        {texts.tree.pack} <code>{pack.id.slice(0, 8)}</code>
      </h2>
      <p class="lead">
        {texts.tree.packFacts(pack.sizeBytes, pack.blocks)} · {texts.storage.className(pack.redundancyClass)} ·{' '}
        {texts.tree.states[pack.state]} · {dateText(pack.created)}
      </p>
      {n === 0 ? <p class="faint">{texts.tree.notSpread}</p> : <p>{texts.tree.need(k, n)}</p>}
      <ol class="tree-fragments">
        {pack.fragments.map(({ index, drive, state }) => (
          <li key={`${index} ${drive}`} class={`tree-fragment ${state}`}>
            <span class="tree-piece">{index + 1}</span>
            <span class="tree-piece-words">
              <strong>{nameOfDrive(drive)}</strong>
              <span>
                {texts.tree.fragment(index + 1)}
                {index >= k && ` (${texts.tree.spare})`}: {texts.tree.fragmentStates[state]}
              </span>
            </span>
          </li>
        ))}
      </ol>
      <Upward id={pack.id} />
    </section>
  )
}

function nameOfDrive(id: string): string {
  const drive = drives.value.find((one) => one.id === id)
  return drive === undefined ? texts.tree.unknownDrive : driveName(drive.folder)
}

function Upward({ id }: { id: string }) {
  const found = upward.value
  const ask = (): void => void searchUpward(id).catch(toastRefusal)
  if (found === null)
    return (
      <button type="button" class="button" title={texts.tree.upTerm} onClick={ask}>
        <Icon name="up" />
        {texts.tree.up}
      </button>
    )
  return (
    <div class="tree-upward">
      <ul>
        {found.paths.map((path) => (
          <li key={path}>
            <a href={hrefOf({ page: 'tree', path })}>{path}</a>
          </li>
        ))}
      </ul>
      <p class="faint" role="status">
        {found.running ? texts.tree.looking : found.paths.length === 0 && found.after === null ? texts.tree.upNone : ''}{' '}
        {texts.tree.upSome(found.looked)}
      </p>
      {found.running && (
        <button type="button" class="button" onClick={stopSearch}>
          {texts.tree.stop}
        </button>
      )}
      {!found.running && found.after !== null && (
        <button type="button" class="button" onClick={ask}>
          {texts.tree.goOn}
        </button>
      )}
    </div>
  )
}
