import { HoltError } from '@holt/core/errors.ts'
import type { CallOptions, Control, MethodName, Params, Result } from './schema.ts'

export type FakeAnswers = {
  [Name in MethodName]?: (params: Params<Name>, options: CallOptions) => Result<Name> | Promise<Result<Name>>
}

/** For tests: answers as told, and remembers what it was asked. */
export class FakeControl implements Control {
  readonly calls: { name: MethodName; params: unknown }[] = []
  answers: FakeAnswers

  constructor(answers: FakeAnswers = {}) {
    this.answers = answers
  }

  async call<Name extends MethodName>(name: Name, params: Params<Name>, options: CallOptions = {}): Promise<Result<Name>> {
    this.calls.push({ name, params })
    const answer = this.answers[name]
    if (answer === undefined) throw new HoltError('INTERNAL', `this test expects no call of ${name}`)
    return await answer(params, options)
  }

  /** The parameters of every call of that method, in order. */
  asked<Name extends MethodName>(name: Name): Params<Name>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.params as Params<Name>)
  }
}
