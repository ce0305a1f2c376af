import type { UpdateOffer, UpdatePlan, UpdatePlanState } from '@holt/control/box/methods.ts'
import type { Tools } from '../system/tools.ts'
import { findOffers } from './offers.ts'
import type { PlanStore } from './plan-store.ts'
import { inWindow, nextWindow, placeOf, turnBegins } from './turn.ts'
import { isOnTrial } from './trial.ts'
import type { Updates } from './updates.ts'

export interface AutomaticUpdatesParts {
  updates: Updates
  store: PlanStore
  tools: Tools
  /** Where bundles may lie: staged ones, what the node took out of its tree, sticks. */
  folders: () => Promise<readonly string[]>
  /** Has the node take bundles out of a folder of its tree. */
  takeFromTree: (treeFolder: string) => Promise<void>
  /** Makes sticks that are plugged in readable. */
  mountSticks: () => Promise<void>
  /** Version and machine id of the running system. */
  system: () => Promise<{ version: string; machineId: string }>
  restart: () => Promise<void>
  now: () => Date
  log: (text: string) => void
}

/** Installs newer versions by itself: in the hours the owner lets it, when it is this box's turn, each version once. */
export class AutomaticUpdates {
  readonly #parts: AutomaticUpdatesParts
  #busy = false

  constructor(parts: AutomaticUpdatesParts) {
    this.#parts = parts
  }

  /** How it is set, what could be installed and when that would happen by itself. */
  async state(): Promise<UpdatePlanState> {
    const { plan, tried } = await this.#parts.store.read()
    const offers = await this.#offers()
    const next = offers.find(({ version }) => !tried.includes(version))
    return { plan, offers, begins: plan.automatic && next !== undefined ? await this.#begins(next, plan) : null }
  }

  /** As `state`, after a look at sticks and into the folder of the tree. */
  async stateNow(): Promise<UpdatePlanState> {
    const { plan } = await this.#parts.store.read()
    await this.#parts.mountSticks().catch((error: Error) => this.#parts.log(error.message))
    if (plan.treeFolder !== null) await this.#parts.takeFromTree(plan.treeFolder)
    return await this.state()
  }

  async set(plan: UpdatePlan): Promise<void> {
    const { tried } = await this.#parts.store.read().catch(() => ({ tried: [] }))
    await this.#parts.store.write(plan, tried)
  }

  /** Looks once, as every few minutes. @returns the version it installed, null when there was nothing to do. */
  async look(): Promise<string | null> {
    if (this.#busy) return null
    this.#busy = true
    try {
      return await this.#look()
    } finally {
      this.#busy = false
    }
  }

  async #look(): Promise<string | null> {
    const { store, now } = this.#parts
    const { plan, tried } = await store.read()
    // a version that has not proved itself yet is left in peace: the other slot is what it falls back to
    if (!plan.automatic || (await isOnTrial(this.#parts.tools))) return null
    // the day before its window opens a bundle should be here already: it may take hours through the tree
    if (plan.treeFolder !== null) await this.#parts.takeFromTree(plan.treeFolder).catch((error: Error) => this.#parts.log(error.message))
    if (!inWindow(now(), plan)) return null
    const offer = (await this.#offers()).find(({ version }) => !tried.includes(version))
    if (offer === undefined || (await this.#begins(offer, plan)) > now().getTime() / 1000) return null
    return await this.#install(offer, plan, tried)
  }

  /** A version that failed its trial must not be tried every night: it is noted before it is installed. */
  async #install({ path, version }: UpdateOffer, plan: UpdatePlan, tried: readonly string[]): Promise<string> {
    const { store, updates, restart, log } = this.#parts
    await store.write(plan, [...tried, version])
    log(`installing ${version} from ${path}`)
    await updates.install(path, {})
    log(`restarting into ${version}`)
    await restart()
    return version
  }

  async #offers(): Promise<UpdateOffer[]> {
    const { updates, tools, folders, system } = this.#parts
    const { available, compatible } = await updates.status()
    if (!available) return []
    const { version } = await system()
    return await findOffers(await folders(), { compatible, running: version, tools, inspect: (path) => updates.inspect(path) })
  }

  async #begins({ version, built }: UpdateOffer, plan: UpdatePlan): Promise<number> {
    const { machineId } = await this.#parts.system()
    const turn = turnBegins(built, placeOf(machineId, version), plan) ?? this.#parts.now()
    const earliest = new Date(Math.max(turn.getTime(), this.#parts.now().getTime()))
    return Math.floor(nextWindow(earliest, plan).getTime() / 1000)
  }
}
