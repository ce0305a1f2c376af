import { encode } from '@holt/core/codec.ts'
import type { Cid } from '@holt/core/cid.ts'
import {
  arrayOf,
  bytes,
  bytesOf,
  cid,
  literal,
  oneOf,
  optional,
  parse,
  record,
  type ShapeOf,
  text,
  uint,
  version,
} from '@holt/core/shape.ts'

/** What the owner decided about an installed program, as the attribute `program` of its directory; docs/formats.md §5. */

export const MOST_GRANTS = 32
const name = { name: text({ maxBytes: 32 }) }

const grantKinds = {
  folder: record({ kind: literal('folder'), ...name, path: text({ maxBytes: 4096 }), write: optional(literal(true)) }),
  hosts: record({ kind: literal('hosts'), ...name, hosts: arrayOf(text({ maxBytes: 260 }), { min: 1, max: 64 }) }),
  /** `network`: also other machines reach it, not this one alone. */
  page: record({ kind: literal('page'), ...name, network: optional(literal(true)) }),
  clock: record({ kind: literal('clock'), ...name }),
  alarms: record({ kind: literal('alarms'), ...name }),
  signing: record({ kind: literal('signing'), ...name }),
  /** With programs of these owners; left out: of all friends. */
  messages: record({ kind: literal('messages'), ...name, with: optional(arrayOf(bytesOf(32), { min: 1, max: 64 })) }),
}

const grantShape = oneOf('kind', grantKinds)

/** A power that was given. */
export type Grant = ShapeOf<typeof grantShape>

const installedShape = record({
  v: version(1),
  kind: literal('installed-program'),
  package: cid,
  /** Of the package, as its signature block. */
  signature: bytes({ max: 8192 }),
  installed: uint(),
  grants: arrayOf(grantShape, { max: MOST_GRANTS }),
  /** What the owner allows at most; left out: what the program wants, or the default. */
  limits: record({
    memory: optional(uint({ min: 1 })),
    work: optional(uint({ min: 1 })),
    storage: optional(uint({ min: 1 })),
    streams: optional(uint({ min: 1 })),
  }),
})

export type InstalledRecord = { package: Cid } & Omit<ShapeOf<typeof installedShape>, 'package' | 'v' | 'kind'>

export function encodeInstalled(installed: InstalledRecord): Uint8Array {
  return encode({ v: 1, kind: 'installed-program', ...installed })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeInstalled(encoded: Uint8Array): InstalledRecord {
  const { package: of, signature, installed, grants, limits } = parse(installedShape, encoded, { maxBytes: 65_536 })
  return { package: of, signature, installed, grants, limits }
}
