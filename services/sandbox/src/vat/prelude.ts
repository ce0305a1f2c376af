/**
 * What a script finds when it begins: runs inside the engine, before the script. It gets the host's functions and gives back two that the
 * host calls; the program never sees either.
 */
export const prelude = `(function (host) {
  'use strict'
  const waiting = new Map()
  const { call, ask, answer, failed, done, log, random, now, encode, decode, storeGet, storeSet, storeDelete, storeKeys } = host
  const StringOf = String, ErrorOf = Error, Bytes = Uint8Array, Buffer = ArrayBuffer, ViewOf = ArrayBuffer.isView, PromiseOf = Promise
  const toJson = JSON.stringify, resolved = Promise.resolve.bind(Promise), then = Promise.prototype.then
  const bytesOf = (value) => {
    if (value instanceof Bytes) return value
    if (value instanceof Buffer) return new Bytes(value)
    if (ViewOf(value)) return new Bytes(value.buffer, value.byteOffset, value.byteLength)
    if (value === undefined || value === null) return new Bytes(0)
    return encode(StringOf(value).toWellFormed())
  }
  const errorOf = (text) => {
    const space = text.indexOf(' ')
    const error = new ErrorOf(text.slice(space + 1))
    error.code = text.slice(0, space)
    return error
  }
  const told = (error) => {
    if (error === null || typeof error !== 'object') return StringOf(error)
    return StringOf(error.name) + ': ' + StringOf(error.message) + (error.stack ? '\\n' + StringOf(error.stack) : '')
  }
  const checked = (reply) => {
    if (typeof reply === 'string') throw errorOf(reply)
    return reply
  }
  const holt = {
    onDeliver: undefined,
    call: (power, args) => checked(call(StringOf(power), bytesOf(args))),
    ask: (power, args) => {
      const ticket = ask(StringOf(power), bytesOf(args))
      if (typeof ticket === 'string') return PromiseOf.reject(errorOf(ticket))
      return new PromiseOf((resolve, reject) => waiting.set(ticket, { resolve, reject }))
    },
    store: Object.freeze({
      get: (key) => storeGet(StringOf(key)),
      set: (key, value) => void checked(storeSet(StringOf(key), bytesOf(value))),
      delete: (key) => storeDelete(StringOf(key)),
      keys: (prefix = '') => JSON.parse(storeKeys(StringOf(prefix))),
    }),
    log: (level, text) => log(StringOf(level), StringOf(text)),
    now: () => now(),
    random: (size) => checked(random(size)),
  }
  const shown = (value) => {
    if (typeof value === 'string') return value
    if (value instanceof ErrorOf) return told(value)
    try {
      return toJson(value) ?? StringOf(value)
    } catch {
      return StringOf(value)
    }
  }
  const console = {}
  for (const [name, level] of [['debug', 'debug'], ['log', 'info'], ['info', 'info'], ['warn', 'warn'], ['error', 'error']])
    console[name] = (...values) => log(level, values.map(shown).join(' '))
  const hidden = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
  hidden('holt', holt)
  hidden('console', console)
  hidden('TextEncoder', class TextEncoder {
    get encoding() { return 'utf-8' }
    encode(text = '') { return encode(StringOf(text).toWellFormed()) }
    encodeInto(text, into) {
      let read = 0, written = 0
      for (const letter of StringOf(text).toWellFormed()) {
        const bytes = encode(letter)
        if (written + bytes.length > into.length) break
        into.set(bytes, written)
        written += bytes.length
        read += letter.length
      }
      return { read, written }
    }
  })
  hidden('TextDecoder', class TextDecoder {
    constructor(label = 'utf-8') {
      if (!/^utf-?8$/i.test(StringOf(label).trim())) throw new RangeError('only UTF-8 is decoded here')
    }
    get encoding() { return 'utf-8' }
    decode(bytes) {
      if (bytes === undefined) return ''
      const text = decode(bytesOf(bytes))
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    }
  })
  if (globalThis.queueMicrotask === undefined) hidden('queueMicrotask', (work) => void resolved().then(work))
  return {
    deliver: (name, body) => {
      const finish = (value) => {
        answer(bytesOf(value))
        done()
      }
      const fail = (error) => failed(told(error))
      try {
        if (typeof holt.onDeliver !== 'function') throw new TypeError('the program set no holt.onDeliver')
        const result = holt.onDeliver(name, body)
        if (result instanceof PromiseOf || (result !== null && typeof result === 'object' && typeof result.then === 'function'))
          then.call(then.call(resolved(result), finish), undefined, fail)
        else finish(result)
      } catch (error) {
        fail(error)
      }
    },
    answered: (ticket, reply) => {
      const entry = waiting.get(ticket)
      waiting.delete(ticket)
      if (entry === undefined) return
      if (typeof reply === 'string') entry.reject(errorOf(reply))
      else entry.resolve(reply)
    },
  }
})`
