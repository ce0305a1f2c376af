import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { EndpointBook } from '../endpoints/endpoint-book.ts'
import type { Host } from '../host.ts'
import type { Caller } from '../rpc/caller.ts'
import { withCaller } from '../rpc/with-caller.ts'
import type { Acquaintances } from './acquaintances.ts'
import type { Nearby } from './nearby.ts'
import { peerProtocol } from './peer-protocol.ts'

export interface MeetingsOptions {
  host: Host
  clock: Clock
  nearby: Nearby
  endpoints: EndpointBook
  acquaintances: Acquaintances
  /** Called when a node was met. */
  met: (node: Principal, tookMs: number) => void
  /** Called when a node was not reached. */
  missed: (node: Principal) => void
}

/** How it went with one peer the last time. */
interface Meeting {
  triedMs: number
  metMs: number | null
  /** A code, when it went wrong. */
  problem: string | null
  failures: number
}

const LOOK_EVERY_MS = 5000
/** Who was met is met again, so that both know when an address has changed. */
const AGAIN_MS = 10 * 60_000
const FIRST_RETRY_MS = 5000
const LONGEST_RETRY_MS = 15 * 60_000
const HELLO_MS = 20_000
/** Directories forget what is not said again. */
const PUBLISHED_EVERY_MS = 6 * 3_600_000
const PUBLISH_RETRY_MS = 60_000
const AWAY = new Set<string>(['PEER_UNREACHABLE', 'TIMED_OUT'])
/** At once: nobody who is slow keeps the others waiting. */
const AT_ONCE = 8

/**
 * Meets the nodes of partners now and then: tells each where this node is and hears where it is. Whoever is not found at its last
 * addresses is asked for at the other partners.
 */
export class Meetings {
  readonly #options: MeetingsOptions
  readonly #meetings = new Map<string, Meeting>()
  #stopped = false
  #callOff: () => void = () => {}
  #looking: Promise<void> = Promise.resolve()
  #isLooking = false
  /** Something became new while it was looking. */
  #inHaste = false

  constructor(options: MeetingsOptions) {
    this.#options = options
  }

  start(): void {
    this.#next(0)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    await this.#looking
  }

  /** Something is new: whoever was not met is tried at once, and with `all` everybody. */
  soon({ all = false } = {}): void {
    for (const meeting of this.#meetings.values()) if (all || meeting.problem !== null) meeting.triedMs = Number.NEGATIVE_INFINITY
    this.#inHaste = true
    if (!this.#isLooking) this.#next(0)
  }

  /** It is there after all: who was given up for long is tried again soon. */
  heard(node: Principal): void {
    const meeting = this.#meetings.get(toHex(node))
    if (meeting) meeting.failures = 0
  }

  get(node: Principal): Readonly<Meeting> | null {
    return this.#meetings.get(toHex(node)) ?? null
  }

  /** One peer, now. @throws HoltError of the meeting. */
  async meet(node: Principal, owner: Principal): Promise<void> {
    const meeting = this.#meetingOf(node)
    meeting.triedMs = this.#options.clock.nowMs()
    try {
      const tookMs = await this.#hello(node, owner).catch(async (error: unknown) => {
        // it may have moved; somebody else may know where to
        if (!AWAY.has(toHoltError(error).code)) throw error
        await this.#options.host.hangUp(node)
        if (!(await this.#askOthers(node, owner)) && !(await this.#lookUp(node))) throw error
        return this.#hello(node, owner)
      })
      Object.assign(meeting, { metMs: this.#options.clock.nowMs(), problem: null, failures: 0 })
      this.#options.met(node, tookMs)
    } catch (error) {
      if (AWAY.has(toHoltError(error).code)) this.#options.missed(node)
      Object.assign(meeting, { problem: toHoltError(error).code, failures: meeting.failures + 1 })
      throw error
    }
  }

  #next(afterMs: number): void {
    if (this.#stopped) return
    this.#callOff()
    this.#callOff = this.#options.clock.after(afterMs, () => void this.#run())
  }

  async #run(): Promise<void> {
    this.#isLooking = true
    this.#inHaste = false
    this.#looking = this.#look()
    await this.#looking
    this.#isLooking = false
    this.#next(this.#inHaste ? 0 : LOOK_EVERY_MS)
  }

  /** Never throws. */
  async #look(): Promise<void> {
    if (this.#stopped) return
    const { acquaintances, host } = this.#options
    const renewed = await acquaintances.renew(host.addresses().map(withoutName)).catch(() => false)
    if (renewed) for (const meeting of this.#meetings.values()) meeting.triedMs = Number.NEGATIVE_INFINITY
    if (renewed) this.#publishAtMs = Number.NEGATIVE_INFINITY
    this.#publish()
    const due = acquaintances.nodes().filter(({ node }) => this.#isDue(node))
    for (let at = 0; at < due.length && !this.#stopped; at += AT_ONCE)
      await Promise.all(due.slice(at, at + AT_ONCE).map(({ node, owner }) => this.meet(node, owner).catch(() => {})))
  }

  #publishAtMs = Number.NEGATIVE_INFINITY

  /** In the background: a directory may take its time, and meetings do not wait for it. */
  #publish(): void {
    const { host, clock, acquaintances } = this.#options
    const now = clock.nowMs()
    const waitMs = this.#publishAtMs - now
    if (!host.directory || (waitMs > 0 && waitMs <= PUBLISHED_EVERY_MS)) return
    const record = acquaintances.ownRecord()
    if (record === null) return
    this.#publishAtMs = now + PUBLISH_RETRY_MS
    void host.directory
      .publish(host.self, record)
      .then(() => (this.#publishAtMs = clock.nowMs() + PUBLISHED_EVERY_MS))
      .catch(() => {})
  }

  /** @returns whether the directory knew something newer of the node than this one. */
  async #lookUp(node: Principal): Promise<boolean> {
    const { host, endpoints, acquaintances } = this.#options
    const before = endpoints.get(node)?.seq ?? 0
    const found = await host.directory?.find(node)
    if (!found) return false
    await acquaintances.hear({ relations: [], records: [found] })
    return (endpoints.get(node)?.seq ?? 0) > before
  }

  #isDue(node: Principal): boolean {
    const { triedMs, problem, failures } = this.#meetingOf(node)
    const waitMs = problem === null ? AGAIN_MS : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10))
    // also after a clock that was set back
    return Math.abs(this.#options.clock.nowMs() - triedMs) >= waitMs
  }

  #meetingOf(node: Principal): Meeting {
    const known = this.#meetings.get(toHex(node))
    if (known) return known
    const meeting = { triedMs: Number.NEGATIVE_INFINITY, metMs: null, problem: null, failures: 0 }
    this.#meetings.set(toHex(node), meeting)
    return meeting
  }

  /** @returns how long it took to answer, a stream for it included. */
  async #hello(node: Principal, owner: Principal): Promise<number> {
    const { acquaintances, clock } = this.#options
    let tookMs = 0
    await this.#ask(node, async (caller) => {
      const askedMs = clock.nowMs()
      const word = await caller.call('hello', acquaintances.wordFor(owner), { withinMs: HELLO_MS })
      tookMs = clock.nowMs() - askedMs
      await acquaintances.hear(word)
    })
    return tookMs
  }

  /** @returns whether anybody knew something new. */
  async #askOthers(node: Principal, owner: Principal): Promise<boolean> {
    const { acquaintances, endpoints } = this.#options
    const before = endpoints.get(node)?.seq ?? 0
    const others = acquaintances.nodes().filter((one) => !equalBytes(one.node, node) && this.get(one.node)?.problem === null)
    for (const other of others.slice(0, AT_ONCE)) {
      const ask = this.#ask(other.node, async (caller) => {
        const { records } = await caller.call('resolve', { owner }, { withinMs: HELLO_MS })
        await acquaintances.hear({ relations: [], records })
      })
      await ask.catch(() => {})
      if ((endpoints.get(node)?.seq ?? 0) > before) return true
    }
    return false
  }

  async #ask(node: Principal, work: (caller: Caller<(typeof peerProtocol)['methods']>) => Promise<void>): Promise<void> {
    const { host, clock, nearby, endpoints } = this.#options
    await host.learn(node, [...(nearby.find(node)?.addresses ?? []), ...(endpoints.get(node)?.addresses ?? [])])
    await withCaller(host, { node, protocol: peerProtocol, clock }, work)
  }
}

/** An address of a node without the node's own name. */
export function withoutName(address: string): string {
  return address.replace(/\/p2p\/\w+$/, '')
}
