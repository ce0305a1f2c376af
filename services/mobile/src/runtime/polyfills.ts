import '@holt/platform-nodejs/network/polyfills.ts'
import { webcrypto } from 'node:crypto'
import { type NormalForm, normalizeText } from './normalize.ts'
import { decoderWithStrict, lacksStrictDecoder } from './strict-decoder.ts'

/**
 * What the Node of phones (18.20.4, built without ICU) lacks and the bundle uses; the first import of each entry. What is lacking and not
 * here the check of the bundle refuses (`scripts/mobile/lacking.mjs`).
 */
function define(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false })
}

if (globalThis.crypto === undefined) define(globalThis, 'crypto', webcrypto)

if ('\u00e5'.normalize('NFD') === '\u00e5')
  define(String.prototype, 'normalize', function normalize(this: string, form: NormalForm = 'NFC') {
    if (!['NFC', 'NFD', 'NFKC', 'NFKD'].includes(form))
      throw new RangeError(`The normalization form should be one of NFC, NFD, NFKC, NFKD.`)
    return normalizeText(String(this), form)
  })

if (lacksStrictDecoder()) define(globalThis, 'TextDecoder', decoderWithStrict())

if (globalThis.CustomEvent === undefined)
  define(
    globalThis,
    'CustomEvent',
    class CustomEvent extends Event {
      readonly detail: unknown

      constructor(type: string, options: CustomEventInit = {}) {
        super(type, options)
        this.detail = options.detail ?? null
      }
    },
  )

if ((AbortSignal as { any?: unknown }).any === undefined) define(AbortSignal, 'any', anySignal)

/** Aborts with the first of `signals`; forgets the others then. */
function anySignal(signals: Iterable<AbortSignal>): AbortSignal {
  const joined = new AbortController()
  const all = [...signals]
  const aborted = all.find((signal) => signal.aborted)
  if (aborted !== undefined) {
    joined.abort(aborted.reason)
    return joined.signal
  }
  for (const signal of all) signal.addEventListener('abort', () => joined.abort(signal.reason), { once: true, signal: joined.signal })
  return joined.signal
}

/** Of arrays, those that the bundle was seen to use. */
const arrayMethods: Record<string, (this: unknown[], ...args: never[]) => unknown> = {
  toSorted(this: unknown[], ...[compare]: [((a: unknown, b: unknown) => number)?]) {
    return [...this].sort(compare)
  },
  toReversed(this: unknown[]) {
    return [...this].reverse()
  },
}
for (const [name, method] of Object.entries(arrayMethods)) if (!(name in Array.prototype)) define(Array.prototype, name, method)
