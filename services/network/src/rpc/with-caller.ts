import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Links } from '../links.ts'
import { Caller } from './caller.ts'
import type { Methods, Protocol } from './protocol.ts'

/** Asks one peer while `work` lasts; the stream is closed then, however it went. */
export async function withCaller<M extends Methods, T>(
  links: Links,
  { node, protocol, clock }: { node: Principal; protocol: Protocol<M>; clock: Clock },
  work: (caller: Caller<M>) => Promise<T>,
): Promise<T> {
  const caller = new Caller(links, node, protocol, { clock })
  try {
    return await work(caller)
  } finally {
    caller.close()
  }
}
