import { useSignal } from '@preact/signals'
import type { InstalledInfo } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { hrefOf } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { InstallDialog } from './install-dialog.tsx'
import { kindOf } from './power-kinds.tsx'
import { iconAddress, ProgramIcon } from './program-icon.tsx'
import { OpenPage, StateChip } from './program-state.tsx'
import { shortAuthor } from './state.ts'

export function ProgramList({ programs }: { programs: readonly InstalledInfo[] }) {
  const installing = useSignal(false)
  return (
    <>
      <header class="page-head">
        <h1>{texts.programs.title}</h1>
        <div class="actions stretch">
          <a class="button" href={hrefOf({ page: 'programs', path: '/audit' })}>
            <Icon name="history" />
            {texts.programs.audit}
          </a>
          <button type="button" class="button primary" onClick={() => (installing.value = true)}>
            <Icon name="plus" />
            {texts.programs.install}
          </button>
        </div>
      </header>
      <p class="lead programs-lead">{texts.programs.lead}</p>
      {programs.length === 0 ? (
        <section class="card programs-none">
          <Icon name="programs" size={40} />
          <h2>{texts.programs.none}</h2>
          <p class="lead">{texts.programs.noneText}</p>
        </section>
      ) : (
        <ul class="program-list">
          {programs.map((program) => (
            <ProgramCard key={program.id} program={program} />
          ))}
        </ul>
      )}
      {installing.value && <InstallDialog updating={null} onClose={() => (installing.value = false)} />}
    </>
  )
}

function ProgramCard({ program }: { program: InstalledInfo }) {
  const { id, title, about, version, author, own, grants } = program
  return (
    <li class="card program-card">
      <div class="program-head">
        <ProgramIcon title={title} address={iconAddress(program)} />
        <div class="program-names">
          <h2>
            <a class="program-link" href={hrefOf({ page: 'programs', path: `/${id}` })}>
              <bdi>{title}</bdi>
            </a>
          </h2>
          <p class="faint">
            {texts.programs.version(version)} · {own ? texts.programs.byYou : texts.programs.by(shortAuthor(author))}
          </p>
        </div>
        <StateChip program={program} />
      </div>
      <p class="program-about">{about}</p>
      {grants.length > 0 && (
        <ul class="program-grants">
          {grants.map((grant) => (
            <li key={grant.name}>
              <Icon name={kindOf(grant).icon} size={16} />
              <span>{kindOf(grant).grant(grant)}</span>
            </li>
          ))}
        </ul>
      )}
      <OpenPage program={program} />
    </li>
  )
}
