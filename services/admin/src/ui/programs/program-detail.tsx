import { useSignal } from '@preact/signals'
import { type InstalledInfo, programApi } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { go, hrefOf } from '../state/location.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { LimitsCard } from './limits-card.tsx'
import { LogCard } from './log-card.tsx'
import { PowersCard } from './powers-card.tsx'
import { iconAddress, ProgramIcon } from './program-icon.tsx'
import { OpenPage, StateChip } from './program-state.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { setProgram, shortAuthor } from './state.ts'
import { RecentUses } from './use-list.tsx'
import { VersionsCard } from './versions-card.tsx'

/** All of one program. */
export function ProgramDetail({ program }: { program: InstalledInfo | null }) {
  return (
    <>
      <a class="program-back" href={hrefOf({ page: 'programs' })}>
        <Icon name="back" size={16} />
        {texts.programs.back}
      </a>
      {program === null ? <p class="lead">{texts.programs.gone}</p> : <Program program={program} />}
    </>
  )
}

function Program({ program }: { program: InstalledInfo }) {
  const { id, title, about, version, author, own, running, problem } = program
  const removing = useSignal(false)
  const turn = useAction(async () => {
    setProgram(await (running ? programApi.stop(id) : programApi.start(id)))
    toast('done', running ? texts.programs.stopped(title) : texts.programs.started(title))
  })
  return (
    <>
      <header class="page-head program-top">
        <div class="program-head">
          <ProgramIcon title={title} address={iconAddress(program)} size="large" />
          <div class="program-names">
            <h1>
              <bdi>{title}</bdi>
            </h1>
            <p class="faint">
              {texts.programs.version(version)} ·{' '}
              <span title={author}>{own ? texts.programs.byYou : texts.programs.by(shortAuthor(author))}</span>
            </p>
          </div>
          <StateChip program={program} />
        </div>
        <div class="actions stretch">
          <button type="button" class="button" disabled={turn.busy.value} onClick={() => turn.run()}>
            <Icon name="power" />
            {running ? texts.programs.stop : texts.programs.start}
          </button>
          <button type="button" class="button danger" onClick={() => (removing.value = true)}>
            <Icon name="trash" />
            {texts.programs.remove}
          </button>
        </div>
      </header>
      <p class="program-about">{about}</p>
      {turn.error.value !== null && <Notice kind="bad">{turn.error.value}</Notice>}
      {problem !== null && <Notice kind="bad">{problem}</Notice>}
      <OpenPage program={program} />
      <div class="program-cards in-columns">
        <PowersCard program={program} />
        <div class="program-cards">
          <LimitsCard program={program} />
          <LogCard id={id} />
          <VersionsCard program={program} />
        </div>
        <RecentUses id={id} />
      </div>
      {removing.value && (
        <RemoveDialog program={program} onClose={() => (removing.value = false)} onRemoved={() => go({ page: 'programs' })} />
      )}
    </>
  )
}
