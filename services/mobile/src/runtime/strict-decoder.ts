import { readUtf8 } from '@holt/core/utf8-text.ts'

const Plain = TextDecoder

/** A decoder of UTF-8 that refuses what is none, for a Node without ICU, whose own cannot be asked to. It does not stream. */
class StrictDecoder {
  readonly encoding = 'utf-8'
  readonly fatal = true
  readonly ignoreBOM: boolean

  constructor(ignoreBOM: boolean) {
    this.ignoreBOM = ignoreBOM
  }

  decode(input: ArrayBuffer | ArrayBufferView = new ArrayBuffer(0), options: { stream?: boolean } = {}): string {
    if (options.stream === true) throw new TypeError('a strict decoder does not stream here')
    const bytes = ArrayBuffer.isView(input) ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : new Uint8Array(input)
    const text = readUtf8(bytes)
    if (text === null) throw new TypeError('The encoded data was not valid for encoding utf-8')
    return !this.ignoreBOM && text.startsWith('\ufeff') ? text.slice(1) : text
  }
}

/** True where `fatal` throws when the decoder is made. */
export function lacksStrictDecoder(): boolean {
  try {
    new Plain('utf-8', { fatal: true })
    return false
  } catch {
    return true
  }
}

/** What stands in for `TextDecoder`: the plain one, but for strict UTF-8. */
export function decoderWithStrict(): typeof TextDecoder {
  return new Proxy(Plain, {
    construct: (target, [label = 'utf-8', options = {}]: [string?, TextDecoderOptions?]) =>
      options.fatal === true && /^utf-?8$/i.test(label) ? new StrictDecoder(options.ignoreBOM === true) : new target(label, options),
  })
}
