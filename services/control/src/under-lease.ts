import { HoltError } from '@holt/core/errors.ts'
import { type Control, methods } from './schema.ts'
import type { FencingToken } from './tree-types.ts'

/** Calls that change what is at a path, and take the token of a lease for it. */
const leased: ReadonlySet<string> = new Set(
  Object.entries(methods).flatMap(([name, { params }]) => (name !== 'cluster.release' && 'token' in params.properties ? [name] : [])),
)

/** The same calls, of which those that change files are made under a lease: they are refused when it is over, or a newer one is known. */
export function underLease(control: Control, token: FencingToken | null): Control {
  if (token === null) return control
  return { call: (name, params, options) => control.call(name, leased.has(name) ? { ...params, token } : params, options) }
}

/** As programs hand it on: `12.3`. */
export function tokenText({ term, number }: FencingToken): string {
  return `${term}.${number}`
}

/** @throws HoltError INPUT_INVALID */
export function readToken(text: string): FencingToken {
  const [, term, number] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []
  if (term === undefined || Number(number) < 1)
    throw new HoltError('INPUT_INVALID', 'the token of a lease is like 1048577.3', { field: 'token' })
  return { term: Number(term), number: Number(number) }
}
