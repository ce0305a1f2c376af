import type { PhonePower } from '@holt/node/power/phone-power.ts'
import type { FromApp } from './bridge.ts'
import type { BridgedMedia } from './phone-media.ts'
import type { SharedInbox } from './shared-inbox.ts'

type Signal = Extract<FromApp, { kind: 'conditions' | 'viewed' | 'window' | 'media' | 'shared' }>

/** Brings what the app says of the phone to whom it concerns; what it says before the node is ready for it is kept until then. */
export class AppSignals {
  #media: BridgedMedia | null = null
  #power: PhonePower | null = null
  #inbox: SharedInbox | null = null
  #early: Signal[] = []

  follow(media: BridgedMedia): void {
    this.#media = media
  }

  /** @param inbox null where nothing is shared. */
  lead(power: PhonePower, inbox: SharedInbox | null): void {
    this.#power = power
    this.#inbox = inbox
    for (const signal of this.#early.splice(0)) this.#bring(power, signal)
  }

  heard(message: FromApp): void {
    if (
      message.kind !== 'conditions' &&
      message.kind !== 'viewed' &&
      message.kind !== 'window' &&
      message.kind !== 'media' &&
      message.kind !== 'shared'
    )
      return
    if (this.#power === null) this.#early.push(message)
    else this.#bring(this.#power, message)
  }

  #bring(power: PhonePower, signal: Signal): void {
    if (signal.kind === 'window') {
      power.window()
      void this.#inbox?.take()
    } else if (signal.kind === 'shared') {
      power.stir()
      void this.#inbox?.take()
    } else if (signal.kind === 'viewed') power.setViewed(signal.viewed)
    else if (signal.kind === 'media') {
      power.stir()
      this.#media?.changed()
    } else {
      power.setConditions(signal)
      this.#media?.setConditions(signal)
    }
  }
}
