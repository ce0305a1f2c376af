import { useSignal } from '@preact/signals'
import type { ClassChoice } from '../api/storage-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { texts } from '../texts/texts.ts'
import { FolderClassDialog } from './folder-class-dialog.tsx'
import { choices, folders } from './plans-state.ts'

/** How safe each folder is kept, in words. */
export function ClassesCard() {
  const asked = useSignal<{ path: string | null } | null>(null)
  const words = texts.plans.classes
  const known = choices.value
  const found = folders.value
  if (known === null || found === null) return null
  const standard = found.folders.find(({ path }) => path === '/')?.redundancyClass ?? 'standard'
  const rows = [...found.folders.filter(({ path }) => path !== '/'), { path: '/', redundancyClass: standard }]
  return (
    <section class="card" aria-labelledby="classes-title">
      <h2 id="classes-title">{words.title}</h2>
      <p class="lead">{words.text}</p>
      <ul class="folder-classes">
        {rows.map(({ path, redundancyClass }) => {
          const name = path === '/' ? words.everything : path
          const choice = known.choices.find((one) => one.name === redundancyClass)
          return (
            <li key={path}>
              <span class="icon-tile folder-mark">
                <Icon name={path === '/' ? 'drive' : 'folder'} size={20} />
              </span>
              <span class="folder-class">
                <strong>{path === '/' ? name : path.slice(1)}</strong>
                <span>
                  <span class="chip">{classText(redundancyClass)}</span> {choice !== undefined && words.survives(choice.lossesSurvived)}
                </span>
              </span>
              {choice !== undefined && <Spares choice={choice} />}
              <button type="button" class="button quiet" aria-label={words.changeFor(name)} onClick={() => (asked.value = { path })}>
                {words.change}
              </button>
            </li>
          )
        })}
      </ul>
      {!found.complete && <p class="faint">{words.more}</p>}
      {known.missing > 0 && <p class="faint">{words.missing(known.missing, known.drives)}</p>}
      <button type="button" class="button" onClick={() => (asked.value = { path: null })}>
        <Icon name="folder" />
        {words.choose}
      </button>
      {asked.value !== null && <FolderClassDialog path={asked.value.path} onClose={() => (asked.value = null)} />}
    </section>
  )
}

/** A dot for each fragment: full ones carry the data, light ones are spare. */
export function Spares({ choice: { dataFragments, totalFragments } }: { choice: ClassChoice }) {
  const label = texts.plans.classes.costTerm(dataFragments, totalFragments)
  return (
    <span class="spares" role="img" aria-label={label} title={label}>
      {Array.from({ length: totalFragments }, (_, i) => (
        <i key={i} class={i < dataFragments ? 'spare data' : 'spare'} />
      ))}
    </span>
  )
}

/** Those of the owner's own making have the name they were given. */
export function classText(name: string): string {
  const known: Readonly<Record<string, string>> = texts.plans.classes.names
  return Object.hasOwn(known, name) ? (known[name] as string) : name
}
