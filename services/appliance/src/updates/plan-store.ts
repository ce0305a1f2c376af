import { join } from 'node:path'
import { UpdatePlan } from '@holt/control/box/methods.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { readIfThere, writeDurably } from '../system/durable-file.ts'

/** As a box comes: at night, within three days of a release, from a folder of the tree. */
export const DEFAULT_PLAN: UpdatePlan = { automatic: true, fromHour: 3, hours: 2, spreadDays: 3, treeFolder: '/updates' }

const Document = Type.Object({
  version: Type.Literal(1),
  plan: UpdatePlan,
  tried: Type.Array(Type.String({ maxLength: 64 }), { description: 'versions installed by themselves, once each' }),
})

/** How a box updates by itself, and what it has tried: kept on the drive. */
export class PlanStore {
  readonly #path: string

  constructor(folder: string) {
    this.#path = join(folder, 'updates', 'plan.json')
  }

  /** @throws HoltError UNSUPPORTED_VERSION, MALFORMED. */
  async read(): Promise<{ plan: UpdatePlan; tried: string[] }> {
    const text = await readIfThere(this.#path)
    if (text === null) return { plan: DEFAULT_PLAN, tried: [] }
    const value = parsed(text)
    if (Check(Document, value)) return { plan: value.plan, tried: value.tried }
    const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
    if (typeof version === 'number' && version !== 1)
      throw new HoltError('UNSUPPORTED_VERSION', `an update plan of version ${version}`, { version })
    throw new HoltError('MALFORMED', 'the update plan on the drive is damaged')
  }

  async write(plan: UpdatePlan, tried: readonly string[]): Promise<void> {
    await writeDurably(this.#path, `${JSON.stringify({ version: 1, plan, tried: tried.slice(-50) }, null, 2)}\n`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
