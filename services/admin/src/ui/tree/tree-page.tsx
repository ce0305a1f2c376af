import '../style/tree.css'
import { useEffect } from 'preact/hooks'
import type { FollowedPath, PackInfo } from '../api/calls.ts'
import { clockText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { joinPath, nameOf } from '../paths.ts'
import { hrefOf, place } from '../state/location.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { PackCard } from './pack-card.tsx'
import { block, children, follow, followed, followOn, lookAtPack, openTreePage, pack, packCount, packs, readPacks } from './state.ts'

/** The block tree made visible: from a path down to the drives, and up again. */
export function TreePage() {
  const path = place.value.path ?? '/'
  useEffect(openTreePage, [])
  useEffect(() => void follow(path).catch(toastRefusal), [path])
  return (
    <>
      <header class="page-head">
        <h1>{texts.tree.title}</h1>
      </header>
      <div class="tree">
        <p class="lead">{texts.tree.lead}</p>
        {followed.value === null ? <Spinner label={texts.shell.loading} /> : <Followed found={followed.value} />}
        {pack.value !== null && <PackCard pack={pack.value} />}
        {packs.value.length > 0 && <AllPacks />}
      </div>
    </>
  )
}

function Followed({ found }: { found: FollowedPath }) {
  const here = found.steps.at(-1)
  if (here === undefined) return null
  return (
    <section class="card tree-path" aria-label={texts.tree.path}>
      <p class="tree-head" title={texts.tree.volumeTerm}>
        <Icon name="tree" />
        <span>
          <strong>
            {texts.tree.volume} <code>{found.volume.slice(0, 8)}</code>
          </strong>
          <span class="faint">
            {texts.tree.head(found.sequence, clockText(found.time))} · {texts.tree.class}: {texts.storage.className(found.redundancyClass)}
          </span>
        </span>
      </p>
      <ol class="tree-steps">
        {found.steps.map(({ path, type }) => (
          <li key={path}>
            <a href={hrefOf({ page: 'tree', path })} aria-current={path === here.path ? 'location' : undefined}>
              <Icon name={type === 'directory' ? 'folder' : type === 'symlink' ? 'link' : 'file'} />
              {nameOf(path) || texts.tree.top}
            </a>
          </li>
        ))}
      </ol>
      {here.block?.pack && (
        <button
          type="button"
          class="button"
          aria-pressed={block.value === 'own'}
          title={here.block.cid}
          onClick={() => void lookAtPack(here.block?.pack ?? '', 'own').catch(toastRefusal)}
        >
          <Icon name="down" />
          {texts.tree.ownBlock}
        </button>
      )}
      {here.type === 'file' && <Blocks found={found} />}
      {here.type === 'directory' && <Children path={here.path} />}
    </section>
  )
}

function Blocks({ found: { chunks, more } }: { found: FollowedPath }) {
  const chosen = typeof block.value === 'number' ? chunks[block.value]?.block : null
  return (
    <>
      <h2>{texts.tree.blocks}</h2>
      <p class="faint">{chunks.length === 0 ? texts.tree.noBlocks : texts.tree.blocksText(chunks.length, more)}</p>
      <div class="tree-blocks">
        {chunks.map(({ fileOffset, block: place }, i) => (
          <button
            key={fileOffset}
            type="button"
            class={place === null ? 'tree-block hole' : place.pack === null ? 'tree-block lost' : `tree-block tint-${tintOf(place.pack)}`}
            aria-pressed={block.value === i}
            aria-label={place === null ? texts.tree.hole : texts.tree.block(i + 1)}
            title={place === null ? texts.tree.hole : place.cid}
            disabled={!place?.pack}
            onClick={() => void lookAtPack(place?.pack ?? '', i).catch(toastRefusal)}
          />
        ))}
      </div>
      {chosen && (
        <p class="tree-chosen">
          <code>{chosen.cid}</code> {chosen.pack === null ? texts.tree.lostBlock : texts.tree.where(chosen.offset, chosen.length)}
        </p>
      )}
      {more && (
        <button type="button" class="button" onClick={() => void followOn().catch(toastRefusal)}>
          {texts.tree.moreBlocks}
        </button>
      )}
    </>
  )
}

/** Blocks of the same pack look alike. */
function tintOf(id: string): number {
  return Number.parseInt(id.slice(-6), 16) % 6
}

function Children({ path }: { path: string }) {
  const listed = children.value
  if (listed === null) return null
  return (
    <>
      <h2>{texts.tree.inHere}</h2>
      {listed.entries.length === 0 && <p class="faint">{texts.tree.nothingHere}</p>}
      <ul class="tree-children">
        {listed.entries.map(({ name, type }) => (
          <li key={name}>
            <a href={hrefOf({ page: 'tree', path: joinPath(path, name) })}>
              <Icon name={type === 'directory' ? 'folder' : type === 'symlink' ? 'link' : 'file'} />
              {name}
            </a>
          </li>
        ))}
      </ul>
      {listed.more && <p class="faint">{texts.tree.moreHere}</p>}
    </>
  )
}

function AllPacks() {
  const { total, more } = packCount.value
  return (
    <section class="card" aria-labelledby="packs-title">
      <h2 id="packs-title">{texts.tree.packs}</h2>
      <p class="lead">{texts.tree.packsText(total)}</p>
      <div class="tree-packs">
        {packs.value.map((one) => {
          const level = levelOf(one)
          const label = `${texts.tree.pack} ${one.id.slice(0, 8)}: ${texts.tree.levels[level]}`
          return (
            <button
              key={one.id}
              type="button"
              class={`tree-pack-square ${level}`}
              aria-label={label}
              title={label}
              aria-pressed={pack.value?.id === one.id}
              onClick={() => void lookAtPack(one.id).catch(toastRefusal)}
            />
          )
        })}
      </div>
      <ul class="tree-legend">
        {(['safe', 'less', 'lost', 'open'] as const).map((level) => (
          <li key={level}>
            <span class={`tree-pack-square ${level}`} />
            {texts.tree.levels[level]}
          </li>
        ))}
      </ul>
      {more && (
        <button type="button" class="button" onClick={() => void readPacks(true).catch(toastRefusal)}>
          {texts.tree.morePacks}
        </button>
      )}
    </section>
  )
}

function levelOf({ state, dataFragments, totalFragments, fragments }: PackInfo): 'safe' | 'less' | 'lost' | 'open' {
  if (state !== 'spread') return 'open'
  const there = new Set(fragments.filter((one) => one.state === 'good' || one.state === 'unsure').map(({ index }) => index)).size
  return there < dataFragments ? 'lost' : there < totalFragments ? 'less' : 'safe'
}
