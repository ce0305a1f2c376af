import type { HoltErrorCode } from '@holt/core/errors.ts'

export type RefusalCode = HoltErrorCode | 'OFFLINE'

/** What the node refused, or OFFLINE when it did not answer. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly status: number
  readonly data: Record<string, unknown>

  constructor(code: RefusalCode, message: string, { status = 0, data = {} }: { status?: number; data?: Record<string, unknown> } = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = status
    this.data = data
  }
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof DOMException && error.name === 'AbortError') return new Refusal('CANCELLED', error.message)
  return new Refusal('INTERNAL', error instanceof Error ? error.message : String(error))
}

export interface RequestOptions {
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

let signedOut: () => void = () => {}

/** Called whenever the node says that the session has ended. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

type AskAgain = () => Promise<void>
let askAgain: AskAgain | null = null

/** Who sits there is asked for the password again when the node wants it; null: nobody can be. @param ask rejects when they do not give it. */
export function onConfirm(ask: AskAgain | null): void {
  askAgain = ask
}

/** Sends a second time what the node wanted the password for. @throws Refusal */
export async function send(method: string, url: string, options: RequestOptions = {}): Promise<Response> {
  try {
    return await sendOnce(method, url, options)
  } catch (error) {
    if (askAgain === null || refusalOf(error).data['confirm'] !== true) throw error
  }
  await askAgain()
  return sendOnce(method, url, options)
}

async function sendOnce(method: string, url: string, { body, headers, signal }: RequestOptions): Promise<Response> {
  const withBody = body === undefined ? {} : { body: JSON.stringify(body) }
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers: { 'x-holt': '1', ...type, ...headers }, signal: signal ?? null, ...withBody }).catch(
    (error: unknown) => {
      if (signal?.aborted) throw new Refusal('CANCELLED', 'cancelled')
      throw new Refusal('OFFLINE', error instanceof Error ? error.message : 'no answer')
    },
  )
  if (response.ok) return response
  throw refused(response.status, await response.text().catch(() => ''))
}

/** @throws Refusal */
export async function sendJson<Answer>(method: string, url: string, options?: RequestOptions): Promise<Answer> {
  const response = await send(method, url, options)
  return (response.status === 204 ? undefined : await response.json()) as Answer
}

/** The refusal that an answer with this status and text is. */
export function refused(status: number, text: string): Refusal {
  const { code, message, data } = parse(text)
  if (code === 'NOT_SIGNED_IN') signedOut()
  return new Refusal(code ?? 'INTERNAL', message ?? `the node answered ${status}`, { status, data })
}

function parse(text: string): { code?: RefusalCode; message?: string; data?: Record<string, unknown> } {
  try {
    return JSON.parse(text) as ReturnType<typeof parse>
  } catch {
    return {}
  }
}

export function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
}
