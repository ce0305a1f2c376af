import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, contentUrl, type Version } from '../../api/calls.ts'
import { bytesText, exactDateText } from '../../format.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Spinner } from '../../parts/progress.tsx'
import { nameOf } from '../../paths.ts'
import { toastRefusal } from '../../state/toasts.ts'
import { texts } from '../../texts/texts.ts'
import { kindOf } from '../kinds.ts'
import type { Piece } from './line-diff.ts'

const COMPARED_BYTES = 256 * 1024

type There = Version & { entry: NonNullable<Version['entry']> }

/** Two versions of a file beside each other: texts line by line, pictures as they look, all else by size and date. */
export function CompareDialog({ path, from, onClose }: { path: string; from: number; onClose: () => void }) {
  const versions = useSignal<There[] | null>(null)
  const chosen = useSignal<[older: number, newer: number]>([from, 0])
  useEffect(() => {
    api.versions(path).then((answer) => {
      versions.value = answer.versions.filter((one): one is There => one.entry !== null)
      chosen.value = [from, versions.value[0]?.sequence ?? from]
    }, toastRefusal)
  }, [path])
  const [older, newer] = chosen.value.map((sequence) => versions.value?.find((one) => one.sequence === sequence))
  return (
    <Dialog title={texts.past.compareTitle(nameOf(path))} onClose={onClose} wide>
      {versions.value === null && <Spinner label={texts.shell.loading} />}
      {versions.value && older && newer && (
        <>
          <div class="compare-heads">
            <Choice
              label={texts.past.older}
              versions={versions.value}
              value={older}
              onChoose={(one) => (chosen.value = [one, newer.sequence])}
            />
            <Choice
              label={texts.past.newer}
              versions={versions.value}
              value={newer}
              onChoose={(one) => (chosen.value = [older.sequence, one])}
            />
          </div>
          <Compared key={chosen.value.join()} path={path} older={older} newer={newer} />
        </>
      )}
    </Dialog>
  )
}

interface ChoiceProps {
  label: string
  versions: readonly There[]
  value: There
  onChoose: (sequence: number) => void
}

function Choice({ label, versions, value, onChoose }: ChoiceProps) {
  return (
    <label class="compare-choice">
      {label}
      <select value={value.sequence} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {versions.map(({ sequence, time }, i) => (
          <option key={sequence} value={sequence}>
            {i === 0 ? texts.files.versionsNow : exactDateText(time)}
          </option>
        ))}
      </select>
      <span class="faint">{bytesText(value.entry.sizeBytes)}</span>
    </label>
  )
}

function Compared({ path, older, newer }: { path: string; older: There; newer: There }) {
  const same = older.entry.content !== undefined && older.entry.content === newer.entry.content
  if (same) return <Notice>{texts.past.same}</Notice>
  switch (kindOf(newer.entry)) {
    case 'text':
      return <ComparedTexts path={path} older={older} newer={newer} />
    case 'picture':
      return (
        <div class="compare-pictures">
          <img src={contentUrl(path, { view: true, at: older.sequence })} alt={texts.past.older} />
          <img src={contentUrl(path, { view: true, at: newer.sequence })} alt={texts.past.newer} />
        </div>
      )
    default:
      return <Notice>{texts.past.otherKind(older.entry.sizeBytes, newer.entry.sizeBytes)}</Notice>
  }
}

function ComparedTexts({ path, older, newer }: { path: string; older: There; newer: There }) {
  const pieces = useSignal<Piece[] | 'reading' | null>('reading')
  useEffect(() => {
    const left = new AbortController()
    const read = async ({ sequence, entry }: There): Promise<string> =>
      entry.sizeBytes === 0 ? '' : new TextDecoder().decode(await api.beginning(path, COMPARED_BYTES, left.signal, sequence))
    Promise.all([read(older), read(newer), import('./line-diff.ts')]).then(
      ([before, after, { lineDiff }]) => {
        pieces.value = lineDiff(before, after)
      },
      (error: unknown) => {
        if (!left.signal.aborted) toastRefusal(error)
      },
    )
    return () => left.abort()
  }, [])
  if (pieces.value === 'reading') return <Spinner label={texts.shell.loading} />
  if (pieces.value === null) return <Notice>{texts.past.tooDifferent}</Notice>
  return (
    <>
      {Math.max(older.entry.sizeBytes, newer.entry.sizeBytes) > COMPARED_BYTES && <Notice>{texts.files.cutOff(COMPARED_BYTES)}</Notice>}
      <pre class="compare-lines" tabIndex={0}>
        {pieces.value.map(({ kind, text, lines }, i) => {
          if (kind === 'added') return <ins key={i}>{text}</ins>
          if (kind === 'removed') return <del key={i}>{text}</del>
          if (kind === 'left-out')
            return (
              <span key={i} class="compare-gap">
                {texts.past.leftOut(lines)}
              </span>
            )
          return <span key={i}>{text}</span>
        })}
      </pre>
    </>
  )
}
