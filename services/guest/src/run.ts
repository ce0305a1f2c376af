import './engine.ts'
import { alarmOf, alarmsCalled } from './alarms.ts'
import { folderCalled } from './folder.ts'
import { hostsCalled } from './hosts.ts'
import { Request, Response } from './http.ts'
import { messageOf, messagesCalled } from './messages.ts'
import { pack, unpack } from './parcel.ts'
import { type OpenStream, pageCalled, streamOf } from './page.ts'
import type { Powers, Program } from './program.ts'
import { signingCalled } from './signing.ts'
import { store } from './store.ts'

/** Called once by what `holt program build` makes of a program: from then on it answers deliveries. */
export function run(program: Program): void {
  let granted: Granted | null = null
  holt.onDeliver = async (name, bytes) => {
    granted ??= grantedPowers()
    return answer(program, { name, ...unpack(bytes) }, granted)
  }
}

interface Granted {
  powers: Powers
  /** By which name its page was given; a program without one has no streams. */
  page: string
}

interface Arrived {
  name: string
  head: Record<string, unknown>
  body: Uint8Array
}

async function answer(program: Program, { name, head, body }: Arrived, { powers, page }: Granted): Promise<Uint8Array> {
  if (name === 'http') return answerRequest(program, head as unknown as RequestHead, body, powers)
  if (name === 'start') await program.start?.(powers)
  if (name === 'alarm') await program.alarm?.(alarmOf(head, body), powers)
  if (name === 'message') await program.message?.(messageOf(head, body), powers)
  if (name.startsWith('stream.')) await hearStream(program, { name, head, body }, { powers, stream: streamOf(page, head) })
  return pack({})
}

async function hearStream(
  program: Program,
  { name, head, body }: Arrived,
  { powers, stream }: { powers: Powers; stream: OpenStream },
): Promise<void> {
  if (name === 'stream.message')
    await program.webSocketMessage?.(stream, { data: head['text'] === true ? new TextDecoder().decode(body) : body }, powers)
  if (name === 'stream.drained') await program.streamDrained?.(stream, powers)
  if (name === 'stream.closed') await program.streamClosed?.(stream, { code: Number(head['code']), reason: String(head['reason']) }, powers)
}

interface RequestHead {
  stream?: string
  webSocket?: boolean
  method: string
  url: string
  headers: [string, string][]
}

async function answerRequest(
  program: Program,
  { url, method, headers, ...arrived }: RequestHead,
  body: Uint8Array,
  powers: Powers,
): Promise<Uint8Array> {
  const request = new Request(url, { method, headers, body }, arrived)
  const response = program.fetch === undefined ? new Response('Not found\n', { status: 404 }) : await program.fetch(request, powers)
  if (!(response instanceof Response)) throw new TypeError('fetch gave no Response')
  const { status, open } = response
  return pack({ status, headers: [...response.headers], ...(open === null ? {} : { open }) }, response.peek())
}

/** What was granted when the program was started; a power taken back later throws when it is used. */
function grantedPowers(): Granted {
  const { powers } = unpack(holt.call('powers.list', pack({}))).head as { powers: { name: string; kind: string }[] }
  const granted = powers.map(({ name, kind }) => [name, powerOf(name, kind)] as const)
  const page = powers.find(({ kind }) => kind === 'page')?.name ?? ''
  return { powers: { ...Object.fromEntries(granted), store }, page }
}

function powerOf(name: string, kind: string): unknown {
  if (kind === 'folder') return folderCalled(name)
  if (kind === 'hosts') return hostsCalled(name)
  if (kind === 'alarms') return alarmsCalled(name)
  if (kind === 'messages') return messagesCalled(name)
  if (kind === 'signing') return signingCalled(name)
  if (kind === 'page') return pageCalled(name)
  return { kind }
}
