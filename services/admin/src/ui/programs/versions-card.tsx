import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type InstalledInfo, type PowerUse, programApi } from '../api/program-calls.ts'
import { exactDateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { InstallDialog } from './install-dialog.tsx'

/** Which version runs, which were there before, and the next. */
export function VersionsCard({ program }: { program: InstalledInfo }) {
  const words = texts.programs.versions
  const { id, version, author, installed } = program
  const updating = useSignal(false)
  const decisions = useSignal<readonly PowerUse[]>([])
  useEffect(() => {
    programApi.audit({ id, power: '', limit: 500 }).then(({ uses }) => {
      decisions.value = uses
    }, toastRefusal)
  }, [id, version])
  const earlier = decisions.value.filter(({ what, about }) => (what === 'install' || what === 'update') && about !== version)
  return (
    <section class="card" aria-labelledby="versions-title">
      <h2 id="versions-title">{words.title}</h2>
      <p class="faint">{words.lead}</p>
      <ul class="program-versions">
        <li>
          <strong>{version}</strong>
          <span class="chip ok">{words.now}</span>
          <time class="faint" dateTime={new Date(installed * 1000).toISOString()}>
            {exactDateText(installed)}
          </time>
        </li>
        {earlier.map(({ number, about, time }) => (
          <li key={number}>
            <span>{about}</span>
            <time class="faint" dateTime={new Date(time * 1000).toISOString()}>
              {exactDateText(time)}
            </time>
          </li>
        ))}
      </ul>
      <dl class="program-facts">
        <div>
          <dt>{words.author}</dt>
          <dd class="mono">{author}</dd>
        </div>
        <div>
          <dt>{words.package}</dt>
          <dd class="mono">{program.package}</dd>
        </div>
      </dl>
      <button type="button" class="button program-change" onClick={() => (updating.value = true)}>
        <Icon name="upload" />
        {words.update}
      </button>
      {updating.value && <InstallDialog updating={program} onClose={() => (updating.value = false)} />}
    </section>
  )
}
