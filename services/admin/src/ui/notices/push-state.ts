import { signal } from '@preact/signals'
import { noticeApi, type NoticeKind, type PushDevice, type PushState } from '../api/notice-calls.ts'
import { person } from '../state/session.ts'
import { language } from '../texts/language.ts'

/**
 * unsupported | insecure | denied: nothing can be done here; off → on by `turnOn`, and back.
 */
export type PushMode = 'unsupported' | 'insecure' | 'denied' | 'off' | 'on'

export const mode = signal<PushMode | null>(null)
/** What the node knows; `own` is this browser among its devices. */
export const pushState = signal<PushState | null>(null)
export const own = signal<PushDevice | null>(null)

/** A browser that never gets its worker must not be waited for. */
const WORKER_PATIENCE_MS = 10_000
const REMEMBERED = 'holt-push'

export async function readPush(): Promise<void> {
  pushState.value = await noticeApi.push()
  const [found, id] = [await currentSubscription(), remembered()?.id]
  own.value = pushState.value.devices.find((one) => one.id === id) ?? null
  mode.value = modeOf(found !== null && own.value !== null)
}

function modeOf(isOn: boolean): PushMode {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  return isOn ? 'on' : 'off'
}

/** @throws DOMException when the browser reaches no push service. */
export async function turnOn(): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') return readPush()
  const { key, kinds } = pushState.value ?? (await noticeApi.push())
  const worker = await theWorker()
  await (await worker.pushManager.getSubscription())?.unsubscribe()
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) })
  await tellNode(subscription, kinds)
  await readPush()
}

export async function turnOff(): Promise<void> {
  const { id } = own.value ?? {}
  localStorage.removeItem(REMEMBERED)
  await (await currentSubscription())?.unsubscribe()
  if (id !== undefined) await noticeApi.unsubscribe(id)
  await readPush()
}

export async function choose(kinds: NoticeKind[]): Promise<void> {
  const subscription = await currentSubscription()
  if (subscription !== null) await tellNode(subscription, kinds)
  await readPush()
}

/** After signing in again: the session is another one, and the node may have another key. */
export async function keepSubscription(): Promise<void> {
  const kept = remembered()
  if (kept === null || kept.person !== person.value?.id || modeOf(true) !== 'on') return
  const [subscription, { key, devices }] = [await currentSubscription(), await noticeApi.push()]
  if (subscription === null) return
  const known = devices.find(({ id }) => id === kept.id)
  const before = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer(0))
  if (textOf(before) === key) return tellNode(subscription, known?.kinds ?? kept.kinds)
  await subscription.unsubscribe()
  const worker = await theWorker()
  await tellNode(await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) }), kept.kinds)
}

async function tellNode(subscription: PushSubscription, kinds: NoticeKind[]): Promise<void> {
  const { endpoint } = subscription
  const [p256dh, auth] = (['p256dh', 'auth'] as const).map((name) =>
    textOf(new Uint8Array(subscription.getKey(name) ?? new ArrayBuffer(0))),
  )
  const { id } = await noticeApi.subscribe({ endpoint, p256dh: p256dh ?? '', auth: auth ?? '', language: language.value, kinds })
  localStorage.setItem(REMEMBERED, JSON.stringify({ id, kinds, person: person.value?.id }))
}

function remembered(): { id: string; kinds: NoticeKind[]; person: string } | null {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null') as ReturnType<typeof remembered>
  } catch {
    return null
  }
}

async function currentSubscription(): Promise<PushSubscription | null> {
  if (modeOf(false) !== 'off') return null
  const worker = await theWorker().catch(() => null)
  return (await worker?.pushManager.getSubscription()) ?? null
}

function theWorker(): Promise<ServiceWorkerRegistration> {
  return Promise.race([
    navigator.serviceWorker.ready,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('there is no worker')), WORKER_PATIENCE_MS)),
  ])
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function textOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}
