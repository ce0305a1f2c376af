import type { Principal } from '@holt/core/principal.ts'

/** How it went with one node of another, over days. All sums decay with the time that was measured, so that what is long ago counts less. */
export interface Score {
  node: Principal
  /** Seconds since 1970: when it was measured first. */
  since: number
  /** Of the time that was measured, in milliseconds, how much it was reached, and all of it. */
  reachedMs: number
  measuredMs: number
  /** It was not reached for so long without a break, as far as that was measured; 0: it was there the last time. */
  silentMs: number
  /** Proofs that it was asked for, in thousandths: given, and not or wrongly given. */
  proven: number
  failed: number
  /** How long it takes to answer, smoothed; null: it never did. */
  latencyMs: number | null
}

const DAY_MS = 24 * 3_600_000
/** After so much measured time what was counts half. */
const REACHED_HALF_MS = 30 * DAY_MS
const PROVEN_HALF_MS = 7 * DAY_MS
/** Who is known for minutes only is not taken for one who is always there: a quarter of a day counts as half reached from the start. */
const DOUBT_MS = DAY_MS / 4
/** What was not or wrongly given weighs as much as a day of hourly proofs. */
const FAULT_WEIGHT = 24
const SMOOTHING = 1 / 8
export const ONE_PROOF = 1000
/** Lest one who is asked in haste fills up its account. */
const MOST_PROOFS = 1_000_000 * ONE_PROOF

export function newScore(node: Principal, nowSeconds: number): Score {
  return { node, since: nowSeconds, reachedMs: 0, measuredMs: 0, silentMs: 0, proven: 0, failed: 0, latencyMs: null }
}

/** So much time went by, in which it was there or was not. @param isSilent whether its not being there says something of it alone. */
export function passed(score: Score, ms: number, { isReached, isSilent = true }: { isReached: boolean; isSilent?: boolean }): Score {
  const [reach, proof] = [0.5 ** (ms / REACHED_HALF_MS), 0.5 ** (ms / PROVEN_HALF_MS)]
  return {
    ...score,
    reachedMs: Math.round(score.reachedMs * reach + (isReached ? ms : 0)),
    measuredMs: Math.round(score.measuredMs * reach + ms),
    silentMs: isReached ? 0 : score.silentMs + (isSilent ? ms : 0),
    proven: Math.round(score.proven * proof),
    failed: Math.round(score.failed * proof),
  }
}

export function answered(score: Score, tookMs: number): Score {
  const latencyMs = score.latencyMs === null ? tookMs : score.latencyMs + (tookMs - score.latencyMs) * SMOOTHING
  return { ...score, latencyMs: Math.round(latencyMs) }
}

export function proved(score: Score, isGiven: boolean): Score {
  const counted = (sum: number): number => Math.min(MOST_PROOFS, sum + ONE_PROOF)
  return isGiven ? { ...score, proven: counted(score.proven) } : { ...score, failed: counted(score.failed) }
}

/** 0 … 1: how much of the time it is there, never taken for more than was seen. */
export function availabilityOf({ reachedMs, measuredMs }: Score): number {
  return (reachedMs + DOUBT_MS / 2) / (measuredMs + DOUBT_MS)
}

/** 0 … 1: how far what it has is what it was given. */
export function intactnessOf({ proven, failed }: Score): number {
  return (proven + 3 * ONE_PROOF) / (proven + 4 * ONE_PROOF + FAULT_WEIGHT * failed)
}

/** 0 … 1: the chance that it is there, and has what it should, which is also what it is judged by. */
export function trustIn(score: Score): number {
  return availabilityOf(score) * intactnessOf(score)
}
