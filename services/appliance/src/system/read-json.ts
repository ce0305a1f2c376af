import { HoltError } from '@holt/core/errors.ts'
import type { Static, TSchema } from 'typebox'
import { Check } from 'typebox/value'

/**
 * What a program printed as JSON, in the form it always had.
 *
 * @throws HoltError SYSTEM_REFUSED when it says something else than it used to.
 */
export function readJson<T extends TSchema>(schema: T, text: string, program: string): Static<T> {
  let value: unknown
  try {
    value = JSON.parse(text.trim() === '' ? '[]' : text)
  } catch (cause) {
    throw new HoltError('SYSTEM_REFUSED', `${program} did not answer in JSON`, { program }, { cause })
  }
  if (Check(schema, value)) return value as Static<T>
  throw new HoltError('SYSTEM_REFUSED', `${program} answered in a form that is not known`, { program })
}
