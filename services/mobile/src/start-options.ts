import { HoltError } from '@holt/core/errors.ts'

/** What the app gives the node on its way: the one argument after the bundle, as JSON. */
export interface StartOptions {
  /** In the app's own storage. */
  dataFolder: string
  /** The unpacked page. */
  uiFolder: string
  quotaBytes: number
  /** Of the phone's storage, left alone. */
  reserveBytes: number
  workers: number
  /** Where the app puts what other apps share; null: nothing is shared. */
  inbox: string | null
  /** This end of the line to the app; null where nobody is at the other end. */
  bridge: number | null
  /** Null: it does not look for others and nobody reaches it. */
  peerPort: number | null
  /** The networks that it looks for others in; null: all that the phone is in. */
  peerInterfaces: readonly string[] | null
}

const GIB = 2 ** 30
const defaults = { quotaBytes: 8 * GIB, reserveBytes: GIB / 2, workers: 2, inbox: null, bridge: null, peerPort: 4660, peerInterfaces: null }

/** @throws HoltError INPUT_INVALID */
export function readStartOptions(text: string | undefined): StartOptions {
  const given = parse(text)
  const options = { ...defaults, ...given } as StartOptions
  const { dataFolder, uiFolder, inbox, quotaBytes, reserveBytes, workers, bridge, peerPort } = options
  const areFolders = [dataFolder, uiFolder, inbox ?? '/'].every((folder) => typeof folder === 'string' && folder.startsWith('/'))
  const areCounts = [quotaBytes, reserveBytes, workers, bridge ?? 0, peerPort ?? 0].every(
    (count) => Number.isSafeInteger(count) && count >= 0,
  )
  const unknown = Object.keys(given).filter((name) => !(name in defaults) && name !== 'dataFolder' && name !== 'uiFolder')
  if (!areFolders || !areCounts || workers < 1 || unknown.length > 0)
    throw new HoltError('INPUT_INVALID', `the app started the node with ${text}`, { field: unknown[0] ?? 'options' })
  return options
}

function parse(text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null) return value
  } catch {} // said below
  throw new HoltError('INPUT_INVALID', 'the node of a phone is started with its options as JSON', { field: 'options' })
}
