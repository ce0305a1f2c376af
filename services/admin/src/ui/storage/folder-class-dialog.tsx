import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { type ClassChoice, type FolderFacts, storageApi } from '../api/storage-calls.ts'
import { factorText } from '../format.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { joinPath, nameOf, parentOf } from '../paths.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { classText, Spares } from './classes-card.tsx'
import { choices, readFolders } from './plans-state.ts'

/** First which folder, where that is not known; then how safe, and what that costs. */
export function FolderClassDialog({ path, onClose }: { path: string | null; onClose: () => void }) {
  const chosen = useSignal(path)
  return (
    <Dialog title={chosen.value === null ? texts.plans.classes.pickTitle : texts.plans.classes.dialogTitle} onClose={onClose}>
      {chosen.value === null ? (
        <FolderPicker onPick={(picked) => (chosen.value = picked)} onClose={onClose} />
      ) : (
        <ClassForm path={chosen.value} onClose={onClose} />
      )}
    </Dialog>
  )
}

function FolderPicker({ onPick, onClose }: { onPick: (path: string) => void; onClose: () => void }) {
  const at = useSignal('/')
  const names = useSignal<string[] | null>(null)
  useEffect(() => {
    let left = false
    names.value = null
    foldersIn(at.value).then((found) => {
      if (!left) names.value = found
    }, toastRefusal)
    return () => {
      left = true
    }
  }, [at.value])
  return (
    <>
      <div class="pick-head">
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={texts.common.back}
          disabled={at.value === '/'}
          onClick={() => (at.value = parentOf(at.value))}
        >
          <Icon name="back" />
        </button>
        <strong>{nameOf(at.value) || texts.files.top}</strong>
      </div>
      <div class="pick-list">
        {names.value === null && <Spinner label={texts.shell.loading} />}
        {names.value?.length === 0 && <p class="faint">{texts.plans.classes.noFolders}</p>}
        {names.value?.map((name) => (
          <button key={name} type="button" class="pick-item" onClick={() => (at.value = joinPath(at.value, name))}>
            <Icon name="folder" />
            <span class="grow">{name}</span>
            <Icon name="forward" size={16} />
          </button>
        ))}
      </div>
      <DialogButtons>
        <button type="button" class="button" onClick={onClose}>
          {texts.common.cancel}
        </button>
        <button type="button" class="button primary" disabled={at.value === '/'} onClick={() => onPick(at.value)}>
          {texts.plans.classes.pickThis}
        </button>
      </DialogButtons>
    </>
  )
}

function ClassForm({ path, onClose }: { path: string; onClose: () => void }) {
  const words = texts.plans.classes
  const facts = useSignal<FolderFacts | null>(null)
  const chosen = useSignal<string | null>(null)
  const name = nameOf(path) || words.everything
  const known = choices.value?.choices ?? []
  useEffect(() => {
    storageApi.folder(path).then((read) => {
      facts.value = read
      chosen.value = read.ownClass
    }, toastRefusal)
  }, [path])
  const action = useAction(async () => {
    await storageApi.setFolder(path, chosen.value)
    toast('done', words.kept(name))
    onClose()
    await readFolders()
  })
  if (facts.value === null) return <Spinner label={texts.shell.loading} />
  const { redundancyClass, bytes, files, complete, ownClass } = facts.value
  return (
    <form onSubmit={action.run}>
      <p class="class-folder">
        <strong>{name}</strong> <span class="faint">{words.holds(bytes, files, complete)}</span>
      </p>
      <fieldset class="class-choices">
        <legend class="visually-hidden">{words.dialogTitle}</legend>
        {known.map((choice) => (
          <ChoiceLine
            key={choice.name}
            choice={choice}
            chosen={chosen.value === choice.name}
            onChoose={() => (chosen.value = choice.name)}
          />
        ))}
        {path !== '/' && (
          <label class={chosen.value === null ? 'class-choice chosen' : 'class-choice'}>
            <input type="radio" name="class" checked={chosen.value === null} onChange={() => (chosen.value = null)} />
            <span class="class-choice-words">{words.inherit}</span>
          </label>
        )}
      </fieldset>
      {new Set(known.slice(0, 3).map(({ dataFragments }) => dataFragments)).size === 1 && <p class="faint">{words.fewDrives}</p>}
      <Cost bytes={bytes} now={known.find((one) => one.name === redundancyClass)} then={known.find((one) => one.name === chosen.value)} />
      <p class="faint">{words.fromNowOn}</p>
      {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
      <DialogButtons>
        <button type="button" class="button" onClick={onClose}>
          {texts.common.cancel}
        </button>
        <button type="submit" class="button primary" disabled={action.busy.value || chosen.value === ownClass}>
          {words.keep}
        </button>
      </DialogButtons>
    </form>
  )
}

function ChoiceLine({ choice, chosen, onChoose }: { choice: ClassChoice; chosen: boolean; onChoose: () => void }) {
  const words = texts.plans.classes
  return (
    <label class={chosen ? 'class-choice chosen' : 'class-choice'}>
      <input type="radio" name="class" checked={chosen} onChange={onChoose} />
      <span class="class-choice-words">
        <strong>{classText(choice.name)}</strong>
        <span>{words.survives(choice.lossesSurvived)}</span>
        <span class="class-price">
          <Spares choice={choice} />
          <span class="faint">{words.cost(factorText(factorOf(choice)))}</span>
        </span>
      </span>
    </label>
  )
}

/** What the folder would take on the drives, beside what it takes as it is set now. */
function Cost({ bytes, now, then }: { bytes: number; now: ClassChoice | undefined; then: ClassChoice | undefined }) {
  if (bytes === 0 || now === undefined) return null
  const before = bytes * factorOf(now)
  const after = then === undefined ? before : bytes * factorOf(then)
  const most = Math.max(before, after)
  return (
    <div class="class-cost">
      <div class="cost-bars" aria-hidden="true">
        <i class="cost-bar" style={{ width: `${(100 * before) / most}%` }} />
        <i class="cost-bar then" style={{ width: `${(100 * after) / most}%` }} />
      </div>
      <p aria-live="polite">{before === after ? texts.plans.classes.same(before) : texts.plans.classes.would(before, after)}</p>
    </div>
  )
}

function factorOf({ dataFragments, totalFragments }: ClassChoice): number {
  return totalFragments / dataFragments
}

async function foldersIn(path: string): Promise<string[]> {
  const names: string[] = []
  let after: string | undefined
  for (let more = true; more; ) {
    const page = await api.list(path, after)
    names.push(...page.entries.filter(({ type }) => type === 'directory').map(({ name }) => name))
    after = page.entries.at(-1)?.name
    more = page.more && after !== undefined
  }
  return names
}
