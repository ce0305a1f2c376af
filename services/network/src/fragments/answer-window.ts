/** As many as keep a fast line full. */
const MOST = 4

/**
 * How much may be asked of one friend at once: as much as it was seen to give in time. On a slow line what is asked for together comes together, and late;
 * one after the other each is in time.
 */
export class AnswerWindow {
  readonly #quickMs: number
  #most = MOST
  #underWay = 0
  readonly #waiting: (() => void)[] = []

  /** @param quickMs an answer within this says that the friend could give more at once. */
  constructor(quickMs: number) {
    this.#quickMs = quickMs
  }

  /** Resolves when one more may be asked for; `gave` or `failed` must follow. */
  async enter(): Promise<void> {
    if (this.#underWay < this.#most) {
      this.#underWay++
      return
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  gave(tookMs: number): void {
    if (tookMs <= this.#quickMs) this.#most = Math.min(MOST, this.#most + 1)
    this.#leave()
  }

  failed(): void {
    this.#most = 1
    this.#leave()
  }

  #leave(): void {
    this.#underWay--
    while (this.#underWay < this.#most && this.#waiting.length > 0) {
      this.#underWay++
      this.#waiting.shift()?.()
    }
  }
}
