/** The code of a vat, of whatever kind, as its thread runs it. Each call may throw what the code throws. */
export interface Program {
  /** Runs what comes before the first delivery; not for a vat that goes on from an image. */
  start(): void
  /** Begins the delivery that the host has. */
  deliver(): void
  /** Tells the answer of a power that was asked. */
  answered(call: number, ok: boolean, bytes: Uint8Array): void
  /** Whether the delivery is done, as far as the program is concerned. Nothing that it asked is outstanding when this is looked at. */
  isDone(): boolean
  /** What an image has beside memory and globals. */
  pointers(): number[]
}
