import { toHex } from '@holt/core/bytes.ts'
import { type HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Given } from './given-book.ts'

export const AUDIT_EVERY_MS = 3_600_000
/** A friend that was not reached, or refused, is asked again after so long. */
const AGAIN_MS = 10 * 60_000
/** One that says that it is there and cannot be reached is not asked all the time. */
const BACK_MS = 2000
/** The last two are what a stranger is told who asks for much. */
const AWAY = new Set<string>(['PEER_UNREACHABLE', 'NOT_AUTHORIZED', 'TOO_LARGE'])
const FAULTS_LAST_MS = 24 * 3_600_000
const MOST_FAULTS_KEPT = 10
/** These are the friend's fault, and not of the way to it. */
const FAULTS = new Set<string>(['BLOCK_CORRUPT', 'BLOCK_NOT_FOUND', 'NOT_FOUND', 'MALFORMED', 'SIGNATURE_INVALID', 'PEER_FAILED'])
/** Who says that it has lost something can have it again at once. */
const LOST = new Set<string>(['BLOCK_NOT_FOUND', 'NOT_FOUND'])

/** How it goes with one node of a friend, since this node started; what is kept for longer is its score. */
export interface Standing {
  /** When it was not reached, or said no, the last time. */
  failedMs: number
  /** It was not there then, or did not know yet whose node this is. */
  wasAway: boolean
  auditedMs: number
  faultsMs: number[]
  /** What else it keeps, after a fault: each is tried out, one a round. */
  suspects: Given[]
  /** As it was told; null: not asked yet. */
  roomBytes: number | null
  /** Of that, what is on its way. */
  promisedBytes: number
  /** How much it said it has when what it has was last compared with what it should have. */
  comparedBytes: number | null
}

/** How it goes with each node of friends. */
export class Standings {
  readonly #standings = new Map<string, Standing>()
  readonly #clock: Clock
  readonly #random: () => number

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  of(node: Principal): Standing {
    const known = this.#standings.get(toHex(node))
    if (known) return known
    // a node that never runs for an hour has friends prove something, too
    const auditedMs = this.#clock.nowMs() - Math.floor(this.#random() * AUDIT_EVERY_MS)
    const failedMs = Number.NEGATIVE_INFINITY
    const [faultsMs, suspects] = [[], []]
    const standing = { failedMs, wasAway: false, auditedMs, faultsMs, suspects, roomBytes: null, promisedBytes: 0, comparedBytes: null }
    this.#standings.set(toHex(node), standing)
    return standing
  }

  /** It is left alone for a while. */
  isResting({ failedMs }: Standing): boolean {
    return Math.abs(this.#clock.nowMs() - failedMs) < AGAIN_MS
  }

  /** It is there. @returns whether it was not, when it was asked a while ago, or was not asked yet. */
  isBack(standing: Standing): boolean {
    const { failedMs, wasAway, roomBytes } = standing
    if (!wasAway) return roomBytes === null && failedMs === Number.NEGATIVE_INFINITY
    if (Math.abs(this.#clock.nowMs() - failedMs) < BACK_MS) return false
    standing.failedMs = Number.NEGATIVE_INFINITY
    standing.wasAway = false
    return true
  }

  isTimeToAudit({ auditedMs }: Standing): boolean {
    return Math.abs(this.#clock.nowMs() - auditedMs) >= AUDIT_EVERY_MS
  }

  /** Of the last day. */
  faultCount({ faultsMs }: Standing): number {
    return faultsMs.filter((at) => Math.abs(this.#clock.nowMs() - at) < FAULTS_LAST_MS).length
  }

  /** @returns whether the friend is at fault, and not the way to it. */
  note(standing: Standing, error: HoltError): boolean {
    const now = this.#clock.nowMs()
    if (!LOST.has(error.code)) standing.failedMs = now
    standing.wasAway = AWAY.has(error.code)
    if (isHoltError(error, 'DISK_FULL')) standing.roomBytes = 0
    if (!FAULTS.has(error.code)) return false
    standing.faultsMs = [...standing.faultsMs.slice(1 - MOST_FAULTS_KEPT), now]
    return true
  }
}
