import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { checkDirectoryRecord, directoryKey, newestRecord } from '@holt/network/endpoints/directory-record.ts'
import type { Directory } from '@holt/network/host.ts'
import { nowSeconds, systemClock } from '@holt/store/fragments/clock.ts'
import type { Libp2p } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import { nodejsCrypto } from '../nodejs-crypto.ts'

const PUBLISH_MS = 60_000
const FIND_MS = 15_000

export function validateRecord(key: Uint8Array, value: Uint8Array): void {
  checkDirectoryRecord(nodejsCrypto, key, value, { now: nowSeconds(systemClock) })
}

export function selectRecord(_key: Uint8Array, records: readonly Uint8Array[]): number {
  return newestRecord(records)
}

/** @returns how many others took it: who refuses a record says nothing. */
async function putEverywhere(host: Libp2p, key: Uint8Array, record: Uint8Array): Promise<number> {
  const { dht } = host.services as unknown as { dht: KadDHT }
  let taken = 0
  for await (const event of dht.put(key, record, { signal: AbortSignal.timeout(PUBLISH_MS) }))
    if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE' && event.record && equalBytes(event.record.value, record))
      taken++
  return taken
}

/** The directory that nodes keep together: a distributed hash table in which a record counts only by its signatures. */
export function endpointDirectory(host: Libp2p): Directory {
  return {
    publish: async (node, record) => {
      const taken = await putEverywhere(host, directoryKey(node), record).catch((cause: unknown) => {
        throw new HoltError('PEER_UNREACHABLE', `the directory cannot be reached: ${toHoltError(cause).message}`, {}, { cause })
      })
      if (taken === 0) throw new HoltError('PEER_UNREACHABLE', 'nobody took the record of addresses')
    },
    find: async (node) => {
      const found = await host.contentRouting.get(directoryKey(node), { signal: AbortSignal.timeout(FIND_MS) }).catch(() => null)
      return found === null ? null : found.slice()
    },
  }
}
