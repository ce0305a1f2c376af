import { useEffect } from 'preact/hooks'
import { noticeApi, type NoticeKind } from '../api/notice-calls.ts'
import { refusalOf } from '../api/request.ts'
import { Icon } from '../parts/icons.tsx'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { choose, mode, own, pushState, readPush, turnOff, turnOn } from './push-state.ts'

/** Whether this device is told while the page is closed, and of what. */
export function PushCard() {
  useEffect(() => {
    readPush().catch(toastRefusal)
  }, [])
  const words = texts.notices.push
  if (mode.value === null || pushState.value === null) return null
  return (
    <section class="card push-card" aria-labelledby="push-title">
      <h2 id="push-title">{words.title}</h2>
      <p class="lead">{words.text}</p>
      {mode.value === 'off' ? <TurnOn /> : mode.value === 'on' ? <Chosen /> : <p class="faint">{words[mode.value]}</p>}
      <Devices />
    </section>
  )
}

function TurnOn() {
  const words = texts.notices.push
  const action = useAction(async () => {
    try {
      await turnOn()
    } catch (error) {
      // A refusal of the node is told as any other; all else is the browser's.
      if (refusalOf(error).code !== 'INTERNAL') throw error
      toast('bad', words.failed)
      return
    }
    if (mode.value === 'on') toast('done', words.turnedOn)
  })
  return (
    <>
      <button type="button" class="button primary" onClick={action.run} disabled={action.busy.value}>
        <Icon name="bell" />
        {words.on}
      </button>
      {action.error.value && <p class="field-error">{action.error.value}</p>}
    </>
  )
}

function Chosen() {
  const words = texts.notices.push
  const { kinds = [], id = '' } = own.value ?? {}
  const flip = (kind: NoticeKind): void => {
    choose(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]).catch(toastRefusal)
  }
  return (
    <>
      <fieldset class="push-kinds">
        <legend>{words.which}</legend>
        {pushState.value?.kinds.map((kind) => (
          <label key={kind} class="push-kind">
            <input type="checkbox" checked={kinds.includes(kind)} onChange={() => flip(kind)} />
            <span>{texts.notices.kinds[kind]}</span>
          </label>
        ))}
      </fieldset>
      <div class="buttons">
        <button
          type="button"
          class="button"
          onClick={() =>
            noticeApi
              .test(id)
              .then(() => toast('done', words.testSent))
              .catch(() => toast('bad', words.testFailed))
          }
        >
          {words.test}
        </button>
        <button type="button" class="button quiet" onClick={() => turnOff().catch(toastRefusal)}>
          {words.off}
        </button>
      </div>
    </>
  )
}

function Devices() {
  const words = texts.notices.push
  const others = (pushState.value?.devices ?? []).filter(({ id }) => id !== own.value?.id)
  if (others.length === 0) return null
  return (
    <>
      <h3 class="push-others">{words.others}</h3>
      <ul class="push-devices">
        {others.map(({ id, device, failing }) => {
          const name = device || words.unknownDevice
          return (
            <li key={id}>
              <span class="grow">
                {name} {failing && <span class="chip full">{words.failing}</span>}
              </span>
              <button
                type="button"
                class="button icon-only quiet"
                aria-label={words.remove(name)}
                onClick={() => noticeApi.unsubscribe(id).then(readPush).catch(toastRefusal)}
              >
                <Icon name="trash" />
              </button>
            </li>
          )
        })}
      </ul>
    </>
  )
}
