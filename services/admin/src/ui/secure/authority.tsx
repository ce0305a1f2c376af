import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { api, type Authority } from '../api/calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { words } from './texts.ts'

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
      <h2 id="secure-title">{words.title}</h2>
      <Notice kind={authority.secure ? 'good' : 'warn'}>{authority.secure ? words.isSecure : words.isPlain}</Notice>
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
      <summary>{words.summary}</summary>
      <p class="faint">{words.isPlain}</p>
      <Steps authority={authority} />
    </details>
  )
}

function Steps({ authority: { fingerprint, port, secure, validTo } }: { authority: Authority }) {
  return (
    <>
      <p class="faint">{words.how}</p>
      <ol class="secure-steps">
        <li>
          <a class="button" href="authority.crt" download={words.fileName}>
            <Icon name="download" />
            {words.download}
          </a>
        </li>
        <li>
          <strong>{words.install}</strong>
          {words.devices.map(({ name, steps }) => (
            <Device key={name} name={name}>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </Device>
          ))}
        </li>
        <li>
          <strong>{words.compare}</strong>
          <Fingerprint text={fingerprint} />
          <p class="faint">
            {words.compareText} {words.validTo(dateText(Date.parse(validTo) / 1000))}
          </p>
        </li>
        {!secure && (
          <li>
            <strong>{words.open}</strong> <SecureLink port={port} />
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
  if (port === null) return <span class="faint">{words.notNow}</span>
  const { hostname } = window.location
  const address = `https://${hostname}${port === 443 ? '' : `:${port}`}/`
  return <a href={address}>{address}</a>
}
