import { HoltError } from '@holt/core/errors.ts'
import type { ToolOptions, Tools } from '../system/tools.ts'

type Answer = string | ((args: readonly string[], options: ToolOptions) => string | Promise<string>)

/** For tests: programs that answer as told; remembers what was run. */
export class FakeTools implements Tools {
  readonly ran: string[] = []
  readonly inputs: (string | undefined)[] = []
  answers: Record<string, Answer>

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = answers
  }

  async run(program: string, args: readonly string[], options: ToolOptions = {}): Promise<string> {
    this.ran.push([program, ...args].join(' '))
    this.inputs.push(options.input)
    const answer = this.answers[program]
    if (answer === undefined) throw new HoltError('DEPENDENCY_MISSING', `${program} is not installed`, { program })
    return typeof answer === 'string' ? answer : answer(args, options)
  }
}

export function refuses(said: string): () => never {
  return () => {
    throw new HoltError('SYSTEM_REFUSED', said)
  }
}
