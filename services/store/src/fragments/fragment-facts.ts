import { isUsable, type KnownPack } from './pack-table.ts'

/** One fragment of a pack and the drive it is on, as their owner sees it. */
export interface FragmentFacts {
  index: number
  drive: string
  /** `unsure`: only its name was seen, or a read failed; `missing`: its drive does not answer. */
  state: 'good' | 'unsure' | 'bad' | 'missing'
}

export function fragmentFacts(pack: KnownPack | undefined): FragmentFacts[] {
  const homes = pack?.main.homes ?? []
  return homes
    .map((home): FragmentFacts => {
      const { index, holder, condition } = home
      const state = holder.state === 'missing' ? 'missing' : !isUsable(home) ? 'bad' : condition === 'unsure' ? 'unsure' : 'good'
      return { index, drive: holder.id, state }
    })
    .sort((a, b) => a.index - b.index)
}
