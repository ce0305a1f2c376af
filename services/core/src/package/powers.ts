import { HoltError } from '../errors.ts'
import { arrayOf, literal, oneOf, optional, record, type Shape, type ShapeOf, text } from '../shape.ts'

/**
 * What a program wishes to be handed, each with a name that its code uses and a reason for the person who decides. What every program has
 * (a store of its own, a log, random bytes, a coarse clock) is not asked for.
 */

export const MOST_POWERS = 32
export const MOST_HOSTS = 64
const MAX_REASON_BYTES = 512
const MAX_HOST_BYTES = 260

/** Also the name of a program: nothing that looks like another one. */
const slugPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export function slug(maxBytes: number): Shape<string> {
  const short = text({ maxBytes })
  return {
    check(value, where) {
      if (slugPattern.test(short.check(value, where))) return value as string
      throw new HoltError('MALFORMED', `${where}: is no name of small letters, digits and single hyphens`, { field: where })
    },
  }
}

/** For people: one line, or several where `lines`; no control characters, no marks that turn the direction of writing. */
export function plainText({ maxBytes, lines = false }: { maxBytes: number; lines?: boolean }): Shape<string> {
  const short = text({ maxBytes })
  return {
    check(value, where) {
      const checked = short.check(value, where)
      for (let i = 0; i < checked.length; i++) if (isUnfit(checked.charCodeAt(i), lines)) refuse(where, 'holds characters that do not show')
      if (checked.trim() === '') refuse(where, 'says nothing')
      return checked
    },
  }
}

function isUnfit(unit: number, lines: boolean): boolean {
  if (unit === 10 && lines) return false
  if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true
  return (unit >= 0x200b && unit <= 0x200f) || (unit >= 0x2028 && unit <= 0x202e) || (unit >= 0x2060 && unit <= 0x206f) || unit === 0xfeff
}

function refuse(where: string, what: string): never {
  throw new HoltError('MALFORMED', `${where}: ${what}`, { field: where })
}

/** `example.org`, `example.org:8080`, or `*.example.org` for all names below, not for itself. */
const hostPattern = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[1-9][0-9]{0,4})?$/

export function isHost(name: string): boolean {
  return hostPattern.test(name) && name.length <= MAX_HOST_BYTES
}

const host: Shape<string> = {
  check(value, where) {
    const checked = text({ maxBytes: MAX_HOST_BYTES }).check(value, where)
    if (!hostPattern.test(checked)) refuse(where, 'is no host such as example.org or *.example.org:8080, in small letters')
    return checked
  },
}

const common = { name: slug(32), reason: plainText({ maxBytes: MAX_REASON_BYTES }), optional: optional(literal(true)) }

const powerKinds = {
  /** A folder that the owner picks, and all below; `write` when it also changes it. */
  folder: record({ kind: literal('folder'), ...common, write: optional(literal(true)) }),
  /** HTTP requests to these hosts and no others. */
  hosts: record({ kind: literal('hosts'), ...common, hosts: arrayOf(host, { min: 1, max: MOST_HOSTS }) }),
  /** Answers HTTP requests under an origin of its own. */
  page: record({ kind: literal('page'), ...common }),
  /** The time to the millisecond. */
  clock: record({ kind: literal('clock'), ...common }),
  /** To be called at times that it sets. */
  alarms: record({ kind: literal('alarms'), ...common }),
  /** Messages to and from programs of friends, or of some of them. */
  messages: record({ kind: literal('messages'), ...common }),
  /** Signs with a key of its own. */
  signing: record({ kind: literal('signing'), ...common }),
}

export type PowerKind = keyof typeof powerKinds

const anyPower = oneOf('kind', powerKinds)

export type WishedPower = ShapeOf<typeof anyPower>

/** A power that this build does not know is one of a later one: said so, not called damage. */
export const wishedPower: Shape<WishedPower> = {
  check(value, where) {
    const kind = (value as { kind?: unknown } | null)?.kind
    if (typeof kind === 'string' && !Object.hasOwn(powerKinds, kind))
      throw new HoltError('UNSUPPORTED_VERSION', `${where}: a power '${kind.slice(0, 32)}' is not known here`, { field: where })
    return anyPower.check(value, where)
  },
}
