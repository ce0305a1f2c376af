import './engine.ts'
import { alarmOf, alarmsCalled } from './alarms.ts'
import { folderCalled } from './folder.ts'
import { hostsCalled } from './hosts.ts'
import { Request, Response } from './http.ts'
import { messageOf, messagesCalled } from './messages.ts'
import { pack, unpack } from './parcel.ts'
import type { Powers, Program } from './program.ts'
import { signingCalled } from './signing.ts'
import { store } from './store.ts'

/** Called once by what `holt program build` makes of a program: from then on it answers deliveries. */
export function run(program: Program): void {
  let powers: Powers | null = null
  holt.onDeliver = async (name, bytes) => {
    powers ??= grantedPowers()
    return answer(program, { name, ...unpack(bytes) }, powers)
  }
}

interface Arrived {
  name: string
  head: Record<string, unknown>
  body: Uint8Array
}

async function answer(program: Program, { name, head, body }: Arrived, powers: Powers): Promise<Uint8Array> {
  if (name === 'http') return answerRequest(program, head as unknown as RequestHead, body, powers)
  if (name === 'start') await program.start?.(powers)
  if (name === 'alarm') await program.alarm?.(alarmOf(head, body), powers)
  if (name === 'message') await program.message?.(messageOf(head, body), powers)
  return pack({})
}

interface RequestHead {
  method: string
  url: string
  headers: [string, string][]
}

async function answerRequest(
  program: Program,
  { url, method, headers }: RequestHead,
  body: Uint8Array,
  powers: Powers,
): Promise<Uint8Array> {
  const request = new Request(url, { method, headers, body })
  const response = program.fetch === undefined ? new Response('Not found\n', { status: 404 }) : await program.fetch(request, powers)
  if (!(response instanceof Response)) throw new TypeError('fetch gave no Response')
  return pack({ status: response.status, headers: [...response.headers] }, response.peek())
}

/** What was granted when the program was started; a power taken back later throws when it is used. */
function grantedPowers(): Powers {
  const { powers } = unpack(holt.call('powers.list', pack({}))).head as { powers: { name: string; kind: string }[] }
  const granted = powers.map(({ name, kind }) => [name, powerOf(name, kind)] as const)
  return { ...Object.fromEntries(granted), store }
}

function powerOf(name: string, kind: string): unknown {
  if (kind === 'folder') return folderCalled(name)
  if (kind === 'hosts') return hostsCalled(name)
  if (kind === 'alarms') return alarmsCalled(name)
  if (kind === 'messages') return messagesCalled(name)
  if (kind === 'signing') return signingCalled(name)
  return { kind }
}
