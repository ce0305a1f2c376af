import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { HoltError } from '@holt/core/errors.ts'
import { BOX_SOCKET } from './box-helper.ts'

export interface DaemonArguments {
  dataFolder: string
  port: number
  /** Where the page is served over HTTPS too; null: nowhere. */
  httpsPort: number | null
  listen: string
  stdio: boolean
  page: boolean
  /** Names besides IP addresses and localhost under which browsers reach the page. */
  names: readonly string[]
  /** Where to write what a screen of the box shows; null: nowhere. */
  announcementFile: string | null
  /** Where the helper of a box answers; on another machine nothing is there. */
  boxSocket: string
  /** The folder of sockets where cages for programs are asked for; null: this node makes its own. */
  cageFolder: string | null
  /** How other nodes are reached; null: not at all, whatever the owner chose. */
  peers: { port: number; interfaces: readonly string[] | null } | null
}

/** H-O-L-T on a telephone's keys. */
const DEFAULT_PORT = 4658
const DEFAULT_PEER_PORT = 4660

/** @throws HoltError INPUT_INVALID */
export function parseDaemonArguments(args: readonly string[], environment: NodeJS.ProcessEnv): DaemonArguments {
  const { data, port, https, listen, stdio, name, announce, 'no-page': noPage, box, cage, ...peer } = parseOptions(args)
  return {
    dataFolder: resolve(data ?? environment['HOLT_DATA'] ?? join(homedir(), '.holt')),
    port: portOf(port ?? environment['HOLT_PORT']),
    httpsPort: https === undefined ? null : portOf(https),
    listen: listen ?? '127.0.0.1',
    stdio: stdio ?? false,
    page: noPage !== true,
    names: name ?? [],
    announcementFile: announce ?? null,
    boxSocket: box ?? BOX_SOCKET,
    cageFolder: cage ?? null,
    peers:
      peer['no-peers'] === true ? null : { port: portOf(peer['peer-port'], DEFAULT_PEER_PORT), interfaces: peer['peer-interface'] ?? null },
  }
}

function parseOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        https: { type: 'string' },
        listen: { type: 'string' },
        stdio: { type: 'boolean' },
        'no-page': { type: 'boolean' },
        name: { type: 'string', multiple: true },
        announce: { type: 'string' },
        box: { type: 'string' },
        cage: { type: 'string' },
        'no-peers': { type: 'boolean' },
        'peer-port': { type: 'string' },
        'peer-interface': { type: 'string', multiple: true },
      },
    })
    return values
  } catch (error) {
    throw new HoltError('INPUT_INVALID', (error as Error).message, {}, { cause: error })
  }
}

function portOf(text: string | undefined, otherwise = DEFAULT_PORT): number {
  if (text === undefined) return otherwise
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) throw new HoltError('INPUT_INVALID', `'${text}' is no port number`, { field: 'port' })
  return port
}
