import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { Courier } from '@holt/kernel/courier.ts'
import { type Correspondent, settleIn } from '@holt/kernel/outbox.ts'
import type { Desk } from '@holt/kernel/desk.ts'
import type { ProgramRunner } from '@holt/kernel/program-runner.ts'
import type { Message } from '@holt/network/messages/messages-protocol.ts'
import type { Delivery, StoreChange } from '@holt/sandbox/types.ts'
import { Arrivals } from './arrivals.ts'
import { type MessagesGrant, talksWith, useMessages } from './messages-power.ts'
import type { Parcel } from '@holt/sandbox/parcel.ts'
import type { PostOffice } from './post-office.ts'

export interface CorrespondenceOptions {
  runner: ProgramRunner
  /** The program's id. */
  program: Uint8Array
  post: Pick<PostOffice, 'owner' | 'node' | 'send' | 'contacts'>
  randomBytes(size: number): Uint8Array
  now(): number
  after(delayMs: number, action: () => void): () => void
  timed(delivery: Delivery): Delivery
  /** Null: it was given no messages. */
  grant(): MessagesGrant | null
  /** `about` is who it was from or to. */
  onUse(use: { what: 'hear' | 'arrive'; about: string; error: HoltError | null; note: string }): void
}

/** What one program sends and hears. */
export class Correspondence {
  readonly #options: CorrespondenceOptions
  readonly #courier: Courier
  readonly #arrivals: Arrivals
  readonly #node: Uint8Array

  private constructor(options: CorrespondenceOptions, node: Uint8Array) {
    const { runner, program, post, now, after, grant, timed, onUse } = options
    this.#options = options
    this.#node = node
    this.#courier = new Courier({
      runner,
      now,
      after,
      send: (to, message) => post.send(to, { to: to.program, from: program, ...message }),
      mayGo: (to) => {
        const given = grant()
        return given !== null && talksWith(given, to.owner)
      },
      onOver: (to, _message, error) => onUse({ what: 'arrive', about: principalToText(to.owner), error, note: 'it is given up' }),
    })
    this.#arrivals = new Arrivals({
      runner,
      timed,
      onHeard: (from, error, givenUp) => {
        const note = givenUp ? 'it is not tried again' : 'it is tried again later'
        onUse({ what: 'hear', about: principalToText(from.owner), error, note })
      },
    })
  }

  /** The runner must be open. */
  static async open(options: CorrespondenceOptions): Promise<Correspondence> {
    const node = await options.post.node()
    await options.runner.turn((desk) => {
      settleIn(desk, { randomBytes: options.randomBytes, node })
      return null
    })
    return new Correspondence(options, node)
  }

  start(): void {
    this.#courier.start()
  }

  kept(changes: readonly StoreChange[]): void {
    this.#courier.kept(changes)
  }

  met(owner: Uint8Array): void {
    this.#courier.hurry((to) => equalBytes(to.owner, owner))
  }

  stop(): void {
    this.#courier.stop()
  }

  use(desk: Desk, grant: MessagesGrant, use: { what: string; parcel: Parcel }): Uint8Array {
    const { post, program, now, randomBytes } = this.#options
    const self = { owner: post.owner, program }
    const context = { desk, self, courier: this.#courier, contacts: () => post.contacts(), now: now(), randomBytes, node: this.#node }
    return useMessages(context, grant, use)
  }

  /** @throws HoltError NOT_AUTHORIZED for who is not heard; of `Arrivals.take`. */
  async hear(from: Correspondent, message: Message): Promise<void> {
    const grant = this.#options.grant()
    if (grant === null || !talksWith(grant, from.owner)) throw new HoltError('NOT_AUTHORIZED', 'the program does not listen to this owner')
    await this.#arrivals.take(from, message)
  }
}
