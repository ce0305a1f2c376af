import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type ShareInfo } from '../api/calls.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { nameOf } from '../paths.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { expiryText, LinkSheet } from './link-sheet.tsx'
import { readShares, shares } from './state.ts'

interface ShareListProps {
  shares: readonly ShareInfo[]
  onShow: (share: ShareInfo) => void
}

export function ShareList({ shares: listed, onShow }: ShareListProps) {
  const revoke = (id: string): void => {
    api.revokeShare(id).then(() => {
      toast('done', texts.share.revoked)
      readShares().catch(toastRefusal)
    }, toastRefusal)
  }
  return (
    <ul class="share-list">
      {listed.map((share) => (
        <li key={share.id}>
          <span class="share-what">
            <span title={share.path}>{share.path}</span>
            <span class="faint">{expiryText(share)}</span>
          </span>
          {!share.expired && (
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={texts.share.again}
              title={texts.share.again}
              onClick={() => onShow(share)}
            >
              <Icon name="link" />
            </button>
          )}
          <button type="button" class="button" aria-label={texts.share.revokeLink(nameOf(share.path))} onClick={() => revoke(share.id)}>
            {texts.share.revoke}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** All of them, for the owner. */
export function SharesCard() {
  const shown = useSignal<ShareInfo | null>(null)
  useEffect(() => {
    readShares().catch(toastRefusal)
  }, [])
  const listed = shares.value
  if (listed === null) return null
  return (
    <section class="card" aria-labelledby="shares-title">
      <h2 id="shares-title">{texts.share.listTitle}</h2>
      <p class="lead">{listed.length === 0 ? texts.share.none : texts.share.listText}</p>
      <ShareList shares={listed} onShow={(share) => (shown.value = share)} />
      {shown.value && (
        <Dialog title={texts.share.title(shown.value.label || nameOf(shown.value.path))} onClose={() => (shown.value = null)}>
          <LinkSheet share={shown.value} />
        </Dialog>
      )}
    </section>
  )
}
