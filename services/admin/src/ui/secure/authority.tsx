import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { api, type Authority } from '../api/calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { texts } from '../texts/texts.ts'

/** null until it is known, and where the page has no HTTPS. */
function useAuthority(): Authority | null {
  const authority = useSignal<Authority | null>(null)
  useEffect(() => {
    api.authority().then(
      (found) => {
        authority.value = found.authority
      },
      () => {}, // it is an offer; what does not answer is told by all else
    )
  }, [])
  return authority.value
}

/** On the page of the owner. */
export function AuthorityCard() {
  const authority = useAuthority()
  if (authority === null) return null
  return (
    <section class="card" aria-labelledby="secure-title">
      <h2 id="secure-title">{texts.secure.title}</h2>
      <Notice kind={authority.secure ? 'good' : 'warn'}>{authority.secure ? texts.secure.isSecure : texts.secure.isPlain}</Notice>
      <Steps authority={authority} />
    </section>
  )
}

/** In the wizard: folded, for it goes on without. Nothing where it is encrypted already. */
export function AuthorityHint() {
  const authority = useAuthority()
  if (authority === null || authority.secure) return null
  return (
    <details class="secure-hint">
      <summary>{texts.secure.summary}</summary>
      <p class="faint">{texts.secure.isPlain}</p>
      <Steps authority={authority} />
    </details>
  )
}

function Steps({ authority: { fingerprint, port, secure, validTo } }: { authority: Authority }) {
  return (
    <>
      <p class="faint">{texts.secure.how}</p>
      <ol class="secure-steps">
        <li>
          <a class="button" href="authority.crt" download={texts.secure.fileName}>
            <Icon name="download" />
            {texts.secure.download}
          </a>
        </li>
        <li>
          <strong>{texts.secure.install}</strong>
          {texts.secure.devices.map(({ name, steps }) => (
            <Device key={name} name={name}>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </Device>
          ))}
        </li>
        <li>
          <strong>{texts.secure.compare}</strong>
          <Fingerprint text={fingerprint} />
          <p class="faint">
            {texts.secure.compareText} {texts.secure.validTo(dateText(Date.parse(validTo) / 1000))}
          </p>
        </li>
        {!secure && (
          <li>
            <strong>{texts.secure.open}</strong> <SecureLink port={port} />
          </li>
        )}
      </ol>
    </>
  )
}

function Device({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <details class="secure-device">
      <summary>{name}</summary>
      <ol>{children}</ol>
    </details>
  )
}

/** In rows of eight pairs, as an eye compares them. */
function Fingerprint({ text }: { text: string }) {
  const pairs = text.split(':')
  const rows = [0, 8, 16, 24].map((at) => pairs.slice(at, at + 8).join(' '))
  return (
    <p class="fingerprint mono" aria-label={text} role="img">
      {rows.map((row) => (
        <span key={row}>{row}</span>
      ))}
    </p>
  )
}

function SecureLink({ port }: { port: number | null }) {
  if (port === null) return <span class="faint">{texts.secure.notNow}</span>
  const { hostname } = window.location
  const address = `https://${hostname}${port === 443 ? '' : `:${port}`}/`
  return <a href={address}>{address}</a>
}
