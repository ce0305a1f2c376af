import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { HoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { arrayOf, literal, optional, parse, record, text, uint, version } from '@holt/core/shape.ts'
import type { Reach } from '@holt/network/host.ts'
import type { Retention } from '@holt/tree/types.ts'

/** What a node remembers beside its store: its drives and the owner's choices. */
export interface NodeSettings {
  drives: { folder: string; id: string }[]
  classes: { name: string; dataFragments: number; totalFragments: number }[]
  retention: Retention
  /** What is in the trash for longer is removed. */
  trashSeconds: number
  keyBackedUp: boolean
  /** The node listens for other nodes and looks for them. */
  peersOn: boolean
  /** How far it goes for them; null: its local networks. */
  reach: Reach | null
}

const SETTINGS_FILE = 'settings'
const MAX_ADDRESS_BYTES = 300
const MOST_ADDRESSES = 16
const DAY = 24 * 3600

const settingsShape = record({
  v: version(1),
  kind: literal('settings'),
  drives: arrayOf(record({ folder: text({ maxBytes: 4096 }), id: text({ maxBytes: 64 }) }), { max: 255 }),
  classes: arrayOf(
    record({ name: text({ maxBytes: 32 }), dataFragments: uint({ min: 1, max: 254 }), totalFragments: uint({ min: 1, max: 255 }) }),
    { max: 64 },
  ),
  retention: record({ keepAllSeconds: uint(), hourlySeconds: uint(), dailySeconds: uint() }),
  /** Added later: nodes that were set up before do not have it. */
  trashSeconds: optional(uint()),
  keyBackedUp: uint({ max: 1 }),
  /** Added later. */
  peersOn: optional(uint({ max: 1 })),
  /** Added later: not there when the node stays on its local networks. */
  reach: optional(
    record({
      start: arrayOf(text({ maxBytes: MAX_ADDRESS_BYTES }), { max: MOST_ADDRESSES }),
      announce: arrayOf(text({ maxBytes: MAX_ADDRESS_BYTES }), { max: MOST_ADDRESSES }),
      relay: uint({ max: 1 }),
      mapPort: uint({ max: 1 }),
    }),
  ),
})

export const defaultRetention: Retention = { keepAllSeconds: DAY, hourlySeconds: 7 * DAY, dailySeconds: 365 * DAY }

export const DEFAULT_TRASH_SECONDS = 30 * DAY

export function newSettings(): NodeSettings {
  const later = { trashSeconds: DEFAULT_TRASH_SECONDS, keyBackedUp: false, peersOn: true, reach: null }
  return { drives: [], classes: [], retention: defaultRetention, ...later }
}

/** @returns null when this data folder was never set up. @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export async function readSettings(disk: Disk): Promise<NodeSettings | null> {
  const kept = await readTwice(disk, SETTINGS_FILE)
  if (kept === null) return null
  const {
    drives,
    classes,
    retention,
    trashSeconds = DEFAULT_TRASH_SECONDS,
    keyBackedUp,
    peersOn = 1,
    reach,
  } = parse(settingsShape, kept.content)
  const far = reach === undefined ? null : { ...reach, relay: reach.relay === 1, mapPort: reach.mapPort === 1 }
  return { drives, classes, retention, trashSeconds, keyBackedUp: keyBackedUp === 1, peersOn: peersOn === 1, reach: far }
}

/** What `readSettings` throws when there is nothing to go by but the words and the drives. */
export function isSettingsDamage(error: HoltError): boolean {
  return error.code === 'MALFORMED' && error.data.path === SETTINGS_FILE
}

export function writeSettings(disk: Disk, settings: NodeSettings): Promise<void> {
  const { trashSeconds, peersOn, reach, ...others } = settings
  // Left out unless they were set: a version before this one, to which a box may fall back, does not know them.
  const later = {
    ...(trashSeconds === DEFAULT_TRASH_SECONDS ? {} : { trashSeconds }),
    ...(peersOn ? {} : { peersOn: 0 }),
    ...(reach === null ? {} : { reach: numbersOf(reach) }),
  }
  return writeTwice(disk, SETTINGS_FILE, encode({ v: 1, kind: 'settings', ...others, ...later, keyBackedUp: settings.keyBackedUp ? 1 : 0 }))
}

function numbersOf({ start, announce, relay, mapPort }: Reach): object {
  return { start, announce, relay: relay ? 1 : 0, mapPort: mapPort ? 1 : 0 }
}
