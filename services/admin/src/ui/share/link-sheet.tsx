import { useSignal } from '@preact/signals'
import type { ShareInfo } from '../api/calls.ts'
import { exactDateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { QrPicture } from '../parts/qr-picture.tsx'
import { texts } from '../texts/texts.ts'
import { isOnlyHere, linkOf } from './state.ts'

/** A link to be copied, scanned or sent. */
export function LinkSheet({ share }: { share: ShareInfo }) {
  const link = linkOf(share)
  return (
    <div class="share-sheet">
      <div class="field">
        <label for="share-link">{texts.share.link}</label>
        <div class="field-line">
          <input id="share-link" class="mono" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        </div>
        <p class="field-hint">{expiryText(share)}</p>
      </div>
      <div class="actions">
        <CopyButton link={link} />
        <SendButton link={link} title={share.label} />
      </div>
      <QrPicture class="share-code" text={link} alt={texts.share.scan} border={2} />
      <Reach />
    </div>
  )
}

export function expiryText({ expires, expired }: ShareInfo): string {
  if (expired) return texts.share.expired
  return expires === null ? texts.share.ever : texts.share.until(exactDateText(expires))
}

function CopyButton({ link }: { link: string }) {
  const copied = useSignal(false)
  const copy = async (): Promise<void> => {
    await copyText(link)
    copied.value = true
  }
  return (
    <button type="button" class="button primary" onClick={() => void copy()}>
      <Icon name={copied.value ? 'check' : 'link'} />
      <span role="status">{copied.value ? texts.share.copied : texts.share.copy}</span>
    </button>
  )
}

/** The clipboard is for pages with https; elsewhere what is selected is copied. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  document.querySelector<HTMLInputElement>('#share-link')?.select()
  document.execCommand('copy')
}

function SendButton({ link, title }: { link: string; title: string }) {
  if (typeof navigator.share !== 'function') return null
  return (
    <button type="button" class="button" onClick={() => void navigator.share({ title, url: link }).catch(() => {})}>
      <Icon name="external" />
      {texts.share.send}
    </button>
  )
}

function Reach() {
  if (isOnlyHere()) return <Notice kind="warn">{texts.share.onlyHere}</Notice>
  return (
    <>
      <p class="faint">{texts.share.where(window.location.host)}</p>
      {window.location.protocol === 'http:' && <p class="faint">{texts.share.plain}</p>}
    </>
  )
}
