import { pack, unpack } from './parcel.ts'

/** What `alarm` is told when one rings. */
export interface Alarm {
  name: string
  /** When it should have rung, in milliseconds since 1970; a node that slept then rings it when it is back. */
  at: number
  /** Milliseconds until it rings again; null: it rang for the last time. */
  every: number | null
  /** How many times of a repeating one passed while nobody could ring it. */
  missed: number
  /** What it was set with. */
  data: unknown
}

/** Times at which the program is called. What a delivery sets or cancels is kept with what it stores, or nothing of both. */
export interface Alarms {
  /**
   * Sets one, in the place of one of the same name. It rings `at` a time, `after` so many milliseconds, and again `every` so many; at whole seconds, after
   * one at the soonest, every ten seconds at the most.
   */
  set(name: string, when: { at?: number; after?: number; every?: number; data?: unknown }): Promise<void>
  /** @returns whether it was set. */
  cancel(name: string): Promise<boolean>
  /** The next first. */
  list(): Promise<{ name: string; at: number; every: number | null }[]>
}

export function alarmsCalled(power: string): Alarms {
  const ask = async (what: string, head: Record<string, unknown>, body?: Uint8Array) =>
    unpack(await holt.ask(`alarms.${what}`, pack({ power, ...head }, body))).head
  return {
    set: async (alarm, { at, after, every, data }) => {
      const body = data === undefined ? undefined : new TextEncoder().encode(JSON.stringify(data))
      await ask('set', { alarm, at, after, every }, body)
    },
    cancel: async (alarm) => (await ask('cancel', { alarm }))['was'] as boolean,
    list: async () => (await ask('list', {}))['alarms'] as Awaited<ReturnType<Alarms['list']>>,
  }
}

export function alarmOf(head: Record<string, unknown>, body: Uint8Array): Alarm {
  const data = body.length === 0 ? undefined : (JSON.parse(new TextDecoder().decode(body)) as unknown)
  return { ...(head as unknown as Omit<Alarm, 'data'>), data }
}
