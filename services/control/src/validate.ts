import { HoltError } from '@holt/core/errors.ts'
import { Compile, type Validator } from 'typebox/compile'
import { hasControlCharacters } from './box/control-characters.ts'
import type { MethodSchema, MethodSchemas, NameIn, ParamsIn } from './method-schema.ts'
import { type MethodName, methods, type Params } from './schema.ts'

/** Checks what came from outside against the schema of its method, once and for all below. */
export class MethodChecker<M extends MethodSchemas> {
  readonly methods: M
  readonly #validators = new Map<string, Validator>()

  constructor(methods: M) {
    this.methods = methods
  }

  /** @throws HoltError UNKNOWN_METHOD when no method has that name. */
  methodNamed(name: string): NameIn<M> {
    if (Object.hasOwn(this.methods, name)) return name as NameIn<M>
    throw new HoltError('UNKNOWN_METHOD', `there is no method '${printable(name)}'`, { method: printable(name) })
  }

  /**
   * @throws HoltError INPUT_INVALID with the first field that does not fit in `data.field`; a field the schema does not
   * know is refused too.
   */
  validateParams<Name extends NameIn<M>>(name: Name, params: unknown): ParamsIn<M, Name> {
    const given = params ?? {}
    const validator = this.#validatorOf(name)
    if (validator.Check(given)) return given as ParamsIn<M, Name>
    const { field, fault } = firstFault(this.#schemaOf(name), validator, given)
    throw new HoltError('INPUT_INVALID', `${name}: ${field === '' ? 'the parameters' : `'${field}'`} ${fault}`, { method: name, field })
  }

  #schemaOf(name: string): MethodSchema {
    return this.methods[name] as MethodSchema
  }

  #validatorOf(name: string): Validator {
    let validator = this.#validators.get(name)
    if (validator === undefined) {
      validator = Compile({ ...this.#schemaOf(name).params, additionalProperties: false })
      this.#validators.set(name, validator)
    }
    return validator
  }
}

/** Of the calls a node answers. */
export const nodeChecker = new MethodChecker(methods)

/** @throws HoltError UNKNOWN_METHOD when no method of a node has that name. */
export function methodNamed(name: string): MethodName {
  return nodeChecker.methodNamed(name)
}

/** @throws HoltError INPUT_INVALID */
export function validateParams<Name extends MethodName>(name: Name, params: unknown): Params<Name> {
  return nodeChecker.validateParams(name, params)
}

function firstFault({ params }: MethodSchema, validator: Validator, given: unknown): { field: string; fault: string } {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(params.properties, key))
    if (unknown !== undefined) return { field: printable(unknown), fault: 'is not known' }
  }
  const errors = validator.Errors(given)
  const missing = errors.find((error) => error.keyword === 'required')
  if (missing?.keyword === 'required') {
    return { field: fieldOf(`${missing.instancePath}/${missing.params.requiredProperties[0] ?? ''}`), fault: 'is missing' }
  }
  const first = errors.find((error) => error.keyword !== 'boolean' && error.keyword !== 'additionalProperties')
  return { field: fieldOf(first?.instancePath ?? ''), fault: first?.message ?? 'do not fit' }
}

/** '/locals/0' reads better as 'locals.0'. */
function fieldOf(instancePath: string): string {
  return printable(instancePath.replace(/^\//, '').replaceAll('/', '.'))
}

/** What a hostile peer names comes back in a message: short, and nothing a terminal would obey. */
function printable(text: string): string {
  return Array.from(text.slice(0, 64), (character) => (hasControlCharacters(character) ? '?' : character)).join('')
}
