import { type Signal, useSignal } from '@preact/signals'
import { type InstalledInfo, type OwnLimits, programApi } from '../api/program-calls.ts'
import { numberText } from '../format.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { NumberField } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { setProgram } from './state.ts'

const MiB = 1 << 20
const MILLION = 1_000_000
/** What a node takes. */
const most = { memory: 2048, storage: 256, work: 999_999_999, streams: 200 }

/** Sets them, or takes back what was set. */
export function LimitsDialog({ program: { id, title, limits, ownLimits }, onClose }: { program: InstalledInfo; onClose: () => void }) {
  const words = texts.programs.limits
  const memory = useSignal(inUnits(ownLimits.memory, MiB))
  const storage = useSignal(inUnits(ownLimits.storage, MiB))
  const work = useSignal(inUnits(ownLimits.work, MILLION))
  const streams = useSignal(ownLimits.streams ?? null)
  const wrong = (field: Signal<number | null>, largest: number, text: string): string | null =>
    field.value !== null && (field.value > largest || field.value < 1) ? words.tooMuch(text) : null
  const faults = {
    memory: wrong(memory, most.memory, `${numberText(most.memory)} MiB`),
    storage: wrong(storage, most.storage, `${numberText(most.storage)} MiB`),
    work: wrong(work, most.work, numberText(most.work)),
    streams: wrong(streams, most.streams, numberText(most.streams)),
  }
  const keep = useAction(async () => {
    const own: OwnLimits = {
      ...(memory.value === null ? {} : { memory: memory.value * MiB }),
      ...(storage.value === null ? {} : { storage: storage.value * MiB }),
      ...(work.value === null ? {} : { work: work.value * MILLION }),
      ...(streams.value === null ? {} : { streams: streams.value }),
    }
    setProgram(await programApi.limit(id, own))
    toast('done', words.kept)
    onClose()
  })
  return (
    <Dialog title={words.changeTitle(title)} onClose={onClose}>
      <form onSubmit={keep.run}>
        <p class="faint">{words.changeText}</p>
        <NumberField
          label={words.memoryField}
          hint={words.now(`${numberText(Math.round(limits.memory / MiB))} MiB`)}
          error={faults.memory}
          value={memory.value}
          onInput={(value) => (memory.value = value)}
        />
        <NumberField
          label={words.storeField}
          hint={words.now(`${numberText(Math.round(limits.storage / MiB))} MiB`)}
          error={faults.storage}
          value={storage.value}
          onInput={(value) => (storage.value = value)}
        />
        <NumberField
          label={words.workField}
          hint={words.now(numberText(Math.round(limits.work / MILLION)))}
          error={faults.work}
          value={work.value}
          onInput={(value) => (work.value = value)}
        />
        <NumberField
          label={words.streamsField}
          hint={words.now(numberText(limits.streams))}
          error={faults.streams}
          value={streams.value}
          onInput={(value) => (streams.value = value)}
        />
        {keep.error.value !== null && <Notice kind="bad">{keep.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={keep.busy.value || Object.values(faults).some((fault) => fault !== null)}>
            {words.keep}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function inUnits(value: number | undefined, unit: number): number | null {
  return value === undefined ? null : Math.max(1, Math.round(value / unit))
}
