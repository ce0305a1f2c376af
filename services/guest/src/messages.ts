import { pack, unpack } from './parcel.ts'

/** What `message` is told when one has come. */
export interface Message {
  /** The owner whose program sent it: proven. */
  from: string
  /** The id of that program. */
  program: string
  /** When, by the clock of the node it came from: milliseconds since 1970. */
  sent: number
  bytes: Uint8Array
  /** What `send` was given, where that was no bytes. */
  readonly data: unknown
}

/** Messages to programs of friends, and to the owner's own. */
export interface Messages {
  /**
   * Sends what JSON can say, or bytes, 64 KiB at most, to this very program of that owner, or to another one. It goes when the delivery is done, waits while the other node is
   * away, and arrives once, after those that were sent there before. Throws an Error with `code` LIMIT_REACHED when too much waits.
   */
  send(to: string, message: unknown, options?: { program?: string }): Promise<void>
  /** This program, and those whom its messages may reach. */
  who(): Promise<{ self: { owner: string; program: string }; others: { owner: string; name: string }[] }>
  /** What has not arrived yet; `problem` is the code of why. */
  waiting(): Promise<{ owner: string; program: string; count: number; since: number; problem: string | null }[]>
}

export function messagesCalled(power: string): Messages {
  const ask = async (what: string, head: Record<string, unknown>, body?: Uint8Array) =>
    unpack(await holt.ask(`messages.${what}`, pack({ power, ...head }, body))).head
  return {
    send: async (to, message, { program } = {}) => {
      const bytes = message instanceof Uint8Array ? message : new TextEncoder().encode(JSON.stringify(message))
      await ask('send', { to, program }, bytes)
    },
    who: async () => (await ask('who', {})) as unknown as Awaited<ReturnType<Messages['who']>>,
    waiting: async () => (await ask('waiting', {}))['waiting'] as Awaited<ReturnType<Messages['waiting']>>,
  }
}

export function messageOf(head: Record<string, unknown>, body: Uint8Array): Message {
  return {
    ...(head as unknown as Pick<Message, 'from' | 'program' | 'sent'>),
    bytes: body,
    get data() {
      return JSON.parse(new TextDecoder().decode(body)) as unknown
    },
  }
}
