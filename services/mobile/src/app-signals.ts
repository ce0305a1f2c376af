import type { PhonePower } from '@holt/node/power/phone-power.ts'
import type { FromApp } from './bridge.ts'
import type { BridgedMedia } from './phone-media.ts'

type Signal = Extract<FromApp, { kind: 'conditions' | 'viewed' | 'window' | 'media' }>

/** Brings what the app says of the phone to whom it concerns; what it says before the node is ready for it is kept until then. */
export class AppSignals {
  #media: BridgedMedia | null = null
  #power: PhonePower | null = null
  #early: Signal[] = []

  follow(media: BridgedMedia): void {
    this.#media = media
  }

  lead(power: PhonePower): void {
    this.#power = power
    for (const signal of this.#early.splice(0)) this.#bring(power, signal)
  }

  heard(message: FromApp): void {
    if (message.kind !== 'conditions' && message.kind !== 'viewed' && message.kind !== 'window' && message.kind !== 'media') return
    if (this.#power === null) this.#early.push(message)
    else this.#bring(this.#power, message)
  }

  #bring(power: PhonePower, signal: Signal): void {
    if (signal.kind === 'window') power.window()
    else if (signal.kind === 'viewed') power.setViewed(signal.viewed)
    else if (signal.kind === 'media') {
      power.stir()
      this.#media?.changed()
    } else {
      power.setConditions(signal)
      this.#media?.setConditions(signal)
    }
  }
}
