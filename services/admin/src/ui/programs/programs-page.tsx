import '../style/programs.css'
import { useEffect } from 'preact/hooks'
import { Spinner } from '../parts/progress.tsx'
import { place } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { AuditView } from './audit-view.tsx'
import { ProgramDetail } from './program-detail.tsx'
import { ProgramList } from './program-list.tsx'
import { programs, readPrograms, whileLooking } from './state.ts'

/** All programs, one of them (`#/programs/ID`), or what they did (`#/programs/audit`, `#/programs/audit/ID`). */
export function ProgramsPage() {
  useEffect(() => whileLooking(readPrograms), [])
  const [, first = '', second = ''] = (place.value.path ?? '/').split('/')
  if (programs.value === null)
    return (
      <>
        <header class="page-head">
          <h1>{texts.programs.title}</h1>
        </header>
        <Spinner label={texts.shell.loading} />
      </>
    )
  if (first === 'audit') return <AuditView key={second} of={second === '' ? null : second} />
  if (first === '') return <ProgramList programs={programs.value} />
  return <ProgramDetail key={first} program={programs.value.find(({ id }) => id === first) ?? null} />
}
