import { HoltError } from '@holt/core/errors.ts'
import { Compile, type Validator } from 'typebox/compile'
import { type MethodName, type MethodSchema, methods, type Params } from './schema.ts'

/** @throws HoltError UNKNOWN_METHOD when no method has that name. */
export function methodNamed(name: string): MethodName {
  if (Object.hasOwn(methods, name)) return name as MethodName
  throw new HoltError('UNKNOWN_METHOD', `there is no method '${printable(name)}'`, { method: printable(name) })
}

/**
 * Checks what came from outside against the method's schema, once and for all below.
 *
 * @throws HoltError INPUT_INVALID with the first field that does not fit in `data.field`; a field the schema does not
 * know is refused too.
 */
export function validateParams<Name extends MethodName>(name: Name, params: unknown): Params<Name> {
  const given = params ?? {}
  const validator = validatorOf(name)
  if (validator.Check(given)) return given as Params<Name>
  const { field, fault } = firstFault(name, validator, given)
  throw new HoltError('INPUT_INVALID', `${name}: ${field === '' ? 'the parameters' : `'${field}'`} ${fault}`, { method: name, field })
}

const validators = new Map<MethodName, Validator>()

function validatorOf(name: MethodName): Validator {
  let validator = validators.get(name)
  if (validator === undefined) {
    const { params }: MethodSchema = methods[name]
    validator = Compile({ ...params, additionalProperties: false })
    validators.set(name, validator)
  }
  return validator
}

function firstFault(name: MethodName, validator: Validator, given: unknown): { field: string; fault: string } {
  const { params }: MethodSchema = methods[name]
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(params.properties, key))
    if (unknown !== undefined) return { field: printable(unknown), fault: 'is not known' }
  }
  const errors = validator.Errors(given)
  const missing = errors.find((error) => error.keyword === 'required')
  if (missing?.keyword === 'required') return { field: missing.params.requiredProperties[0] ?? '', fault: 'is missing' }
  const first = errors.find((error) => error.keyword !== 'boolean' && error.keyword !== 'additionalProperties')
  return { field: fieldOf(first?.instancePath ?? ''), fault: first?.message ?? 'do not fit' }
}

/** '/locals/0' reads better as 'locals.0'. */
function fieldOf(instancePath: string): string {
  return printable(instancePath.replace(/^\//, '').replaceAll('/', '.'))
}

/** What a hostile peer names comes back in a message: short, and nothing a terminal would obey. */
function printable(text: string): string {
  return Array.from(text.slice(0, 64), (character) => (isControl(character) ? '?' : character)).join('')
}

function isControl(character: string): boolean {
  const code = character.charCodeAt(0)
  return code < 0x20 || (code >= 0x7f && code < 0xa0)
}
