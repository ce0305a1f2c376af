import assert from 'node:assert/strict'
import { compareTokens, type Lease } from '@holt/network/cluster/leases.ts'
import type { SimulatedWorld } from '@holt/network/testing/simulated-world.ts'
import { codeOf, type Machine } from './machine.ts'

interface Held {
  lease: Lease
  machine: Machine
  fromMs: number
  untilMs: number
}

/** Takes leases and sees to it that no two who know of the same voters hold one at once. */
export class Leases {
  readonly #world: SimulatedWorld
  readonly #held: Held[] = []

  constructor(world: SimulatedWorld) {
    this.#world = world
  }

  /** @returns null when it is not to be had. */
  async take(machine: Machine, path: string, lastsMs: number): Promise<Lease | null> {
    const { life } = machine
    const askedMs = this.#world.clock.nowMs()
    let lease: Lease | null = null
    const work = async (): Promise<void> => {
      lease = (await machine.network?.cluster?.leadership.acquire(path, lastsMs)) ?? null
    }
    await codeOf(work())
    if (lease === null || life === null || !life.power.isOn) return null
    this.#note({ lease, machine, fromMs: this.#world.clock.nowMs(), untilMs: askedMs + (lease as Lease).lastsMs / life.power.rate })
    return lease
  }

  #note(now: Held): void {
    if (now.untilMs <= now.fromMs) return
    for (const other of this.#held) {
      if (other.machine === now.machine || other.machine.owner !== now.machine.owner || !touch(other.lease.path, now.lease.path)) continue
      assert.ok(other.untilMs <= now.fromMs, `${now.lease.path} and ${other.lease.path} are held by two at once`)
      assert.ok(compareTokens(other.lease.token, now.lease.token) < 0, 'a later lease has a higher token')
    }
    this.#held.push(now)
  }
}

function touch(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)
}
