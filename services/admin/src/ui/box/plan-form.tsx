import { useSignal } from '@preact/signals'
import { api, type UpdatePlan, type UpdatePlanState } from '../api/calls.ts'
import { hourText } from '../format.ts'
import { Field } from '../parts/field.tsx'
import { Choice, NumberField, Switch } from '../parts/inputs.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { readUpdates } from './state.ts'
import { texts } from '../texts/texts.ts'

/** '03:00' for 3. */
const hourTexts = Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`]))

/** Numbers may be missing while they are typed. */
type Draft = Omit<UpdatePlan, 'hours' | 'spreadDays'> & { hours: number | null; spreadDays: number | null }

export function PlanForm({ state: { plan, begins } }: { state: UpdatePlanState }) {
  const draft = useSignal<Draft | null>(null)
  const shown = draft.value ?? plan
  const edit = (part: Partial<Draft>): void => {
    const next = { ...shown, ...part }
    draft.value = JSON.stringify(next) === JSON.stringify(plan) ? null : next
  }
  const faults = faultsOf(shown)
  const action = useAction(async () => {
    const { hours, spreadDays } = shown
    if (hours === null || spreadDays === null) return
    await api.setUpdatePlan({ ...shown, hours, spreadDays })
    await readUpdates()
    draft.value = null
    toast('done', texts.box.plan.saved)
  })
  return (
    <form onSubmit={action.run}>
      <h3>{texts.box.plan.title}</h3>
      <Switch
        label={texts.box.plan.automatic}
        hint={
          begins !== null && draft.value === null
            ? `${texts.box.plan.automaticText} ${texts.box.plan.next(hourText(begins))}`
            : texts.box.plan.automaticText
        }
        value={shown.automatic}
        onChange={(automatic) => edit({ automatic })}
        error={action.error.value}
      />
      {shown.automatic && (
        <div class="field-row">
          <Choice
            label={texts.box.plan.fromHour}
            value={String(shown.fromHour)}
            texts={hourTexts}
            onChoose={(hour) => edit({ fromHour: Number(hour) })}
          />
          <NumberField label={texts.box.plan.hours} value={shown.hours} onInput={(hours) => edit({ hours })} error={faults.hours} />
          <NumberField
            label={texts.box.plan.spread}
            hint={texts.box.plan.spreadHint}
            value={shown.spreadDays}
            onInput={(spreadDays) => edit({ spreadDays })}
            error={faults.spread}
          />
        </div>
      )}
      <Field
        label={texts.box.plan.folder}
        hint={texts.box.plan.folderHint}
        value={shown.treeFolder ?? ''}
        onInput={(folder) => edit({ treeFolder: folder === '' ? null : folder })}
        error={faults.folder}
        maxLength={1000}
        mono
      />
      {draft.value !== null && (
        <div class="box-buttons">
          <button type="button" class="button" onClick={() => (draft.value = null)}>
            {texts.box.plan.discard}
          </button>
          <button
            type="submit"
            class="button primary"
            disabled={action.busy.value || Object.values(faults).some((fault) => fault !== null)}
          >
            {texts.box.plan.save}
          </button>
        </div>
      )}
    </form>
  )
}

function faultsOf({ hours, spreadDays, treeFolder }: Draft): Record<'hours' | 'spread' | 'folder', string | null> {
  return {
    hours: hours === null || hours < 1 || hours > 24 ? texts.box.plan.hoursWrong : null,
    spread: spreadDays === null || spreadDays > 30 ? texts.box.plan.spreadWrong : null,
    folder: treeFolder !== null && !/^\/./.test(treeFolder) ? texts.box.plan.folderWrong : null,
  }
}
