import type { InstalledInfo } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { texts } from '../texts/texts.ts'
import { pageAddress } from './state.ts'

export function StateChip({ program: { running, here, problem } }: { program: InstalledInfo }) {
  if (problem !== null || (here && !running)) return <span class="chip missing">{texts.programs.states.failing}</span>
  if (running) return <span class="chip ok">{texts.programs.states.runs}</span>
  return <span class="chip">{texts.programs.states.stopped}</span>
}

/** The way to its page, where it has one. */
export function OpenPage({ program }: { program: InstalledInfo }) {
  const address = pageAddress(program)
  if (program.page === null) return null
  if (address === null) return <p class="faint program-page">{texts.programs.hereOnly(program.page.url)}</p>
  return (
    <p class="program-page">
      <a class="button" href={address} target="_blank" rel="noopener">
        <Icon name="external" />
        {texts.programs.open}
      </a>
      <span class="faint mono">{address}</span>
    </p>
  )
}
