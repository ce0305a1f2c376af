import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type RetentionPreview, type RetentionRules, storageApi } from '../api/storage-calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Choice } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { readRetention } from './plans-state.ts'

/** In days. */
const offered = {
  all: [1, 3, 7, 30],
  hourly: [0, 7, 30, 90, 365],
  daily: [30, 90, 365, 730, 1825, 3650],
  trash: [7, 30, 90, 365],
} as const

type Field = keyof typeof offered

/** Chooses how long; says what would go before anything goes. */
export function RetentionDialog({ rules, onClose }: { rules: RetentionRules; onClose: () => void }) {
  const words = texts.plans.retention
  const days = useSignal<Record<Field, number>>({
    all: Math.max(1, Math.round(rules.keepAllHours / 24)),
    hourly: rules.hourlyDays,
    daily: rules.dailyDays,
    trash: rules.trashDays,
  })
  const preview = useSignal<RetentionPreview | null>(null)
  useEffect(() => {
    let left = false
    preview.value = null
    storageApi.previewRetention(rulesOf(days.value)).then((read) => {
      if (!left) preview.value = read
    }, toastRefusal)
    return () => {
      left = true
    }
  }, [days.value])
  const action = useAction(async () => {
    await storageApi.setRetention(rulesOf(days.value))
    toast('done', words.kept)
    onClose()
    await readRetention()
  })
  const loses = (preview.value?.dropped ?? 0) + (preview.value?.trashDropped ?? 0) > 0
  return (
    <Dialog title={words.dialogTitle} onClose={onClose}>
      <form onSubmit={action.run}>
        {(Object.keys(offered) as Field[]).map((field) => (
          <Choice
            key={field}
            label={words.fields[field]}
            value={String(days.value[field])}
            texts={textsOf(field, days.value[field])}
            onChoose={(value) => (days.value = { ...days.value, [field]: Number(value) })}
          />
        ))}
        <div class="preview-words" aria-live="polite">
          {preview.value !== null && <Preview preview={preview.value} />}
        </div>
        {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button
            type="submit"
            class={loses ? 'button danger solid' : 'button primary'}
            disabled={action.busy.value || preview.value === null}
          >
            {loses ? words.dropAndKeep : words.keep}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function Preview({ preview }: { preview: RetentionPreview }) {
  const words = texts.plans.retention
  const { versions, dropped, oldestSeconds, trashDropped } = preview
  return (
    <Notice kind={dropped + trashDropped > 0 ? 'warn' : 'good'}>
      {words.preview(versions, dropped)} {dropped > 0 && oldestSeconds !== null && words.oldest(oldestSeconds)}{' '}
      {trashDropped > 0 && words.trashDropped(trashDropped)}
    </Notice>
  )
}

/** What holds now is offered too, when another program set it. Numbers as keys come in their order. */
function textsOf(field: Field, now: number): Record<string, string> {
  return Object.fromEntries([...new Set<number>([...offered[field], now])].map((days) => [String(days), texts.plans.retention.days(days)]))
}

function rulesOf({ all, hourly, daily, trash }: Record<Field, number>): RetentionRules {
  return { keepAllHours: 24 * all, hourlyDays: hourly, dailyDays: daily, trashDays: trash }
}
