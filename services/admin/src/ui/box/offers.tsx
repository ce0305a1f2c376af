import { useSignal } from '@preact/signals'
import { api, type UpdateOffer } from '../api/calls.ts'
import { dateOfText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { GiveDialog } from './give-dialog.tsx'
import { begin, isInstalling, jobs } from './state.ts'
import { texts } from '../texts/texts.ts'

/** Newer versions that are here, and the ways to others. */
export function Offers({ offers }: { offers: readonly UpdateOffer[] }) {
  const giving = useSignal(false)
  const looking = jobs.value['fetch-updates']?.state === 'running'
  return (
    <>
      <h3>{texts.box.updates.offers}</h3>
      {offers.length === 0 && <p class="faint">{texts.box.updates.nothing}</p>}
      <ul class="item-list">
        {offers.map((offer) => (
          <Offer key={offer.path} offer={offer} />
        ))}
      </ul>
      <div class="box-buttons">
        <button
          type="button"
          class="button"
          title={texts.box.updates.lookTitle}
          disabled={looking || isInstalling.value}
          onClick={() => begin(api.lookForUpdates()).catch(toastRefusal)}
        >
          <Icon name="history" />
          {looking ? texts.box.updates.looking : texts.box.updates.look}
        </button>
        <button type="button" class="button" disabled={isInstalling.value} onClick={() => (giving.value = true)}>
          <Icon name="upload" />
          {texts.box.updates.fromFile}
        </button>
      </div>
      {giving.value && <GiveDialog onClose={() => (giving.value = false)} />}
    </>
  )
}

function Offer({ offer: { path, version, changes, built } }: { offer: UpdateOffer }) {
  const facts = [built === '' ? '' : texts.box.updates.built(dateOfText(built)), texts.box.updates.from[sourceOf(path)]]
    .filter(Boolean)
    .join(' · ')
  return (
    <li class="item tall">
      <div class="item-words">
        <strong>{texts.box.updates.offer(version)}</strong>
        <p class="faint">{facts}</p>
        <p class="box-changes">{changes === '' ? texts.box.updates.changesNone : changes}</p>
      </div>
      <button
        type="button"
        class="button primary"
        aria-label={texts.box.updates.installOf(version)}
        disabled={isInstalling.value}
        onClick={() => begin(api.installUpdate(path)).catch(toastRefusal)}
      >
        {texts.box.updates.install}
      </button>
    </li>
  )
}

function sourceOf(path: string): keyof typeof texts.box.updates.from {
  if (path.startsWith('/run/media/')) return 'stick'
  if (path.startsWith('/data/system/updates/tree/')) return 'tree'
  return path.startsWith('/data/holt/') ? 'given' : 'staged'
}
