import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Icon, Logo } from '../parts/icons.tsx'
import { Treeline } from '../parts/treeline.tsx'
import { Spinner } from '../parts/progress.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { BackupStep } from './backup-step.tsx'
import { ChooseStep } from './choose-step.tsx'
import { CodeStep } from './code-step.tsx'
import { ConfirmStep } from './confirm-step.tsx'
import { DoneStep } from './done-step.tsx'
import { DrivesStep } from './drives-step.tsx'
import { JoinStep } from './join-step.tsx'
import { MoveStep } from './move-step.tsx'
import { OnPhone } from './on-phone.tsx'
import { PasswordStep } from './password-step.tsx'
import { RecoverStep } from './recover-step.tsx'
import { RestoreStep } from './restore-step.tsx'
import { WordsStep } from './words-step.tsx'

/**
 * code → password → choose → words → confirm → backup → drives → done, or
 * code → password → choose → (move →) restore → recover → done, or code → password → choose → join → drives → done. A reload comes back to where the node says it is.
 */
export type Step =
  | 'code'
  | 'password'
  | 'choose'
  | 'words'
  | 'confirm'
  | 'backup'
  | 'drives'
  | 'join'
  | 'move'
  | 'restore'
  | 'recover'
  | 'done'

const marks = ['code', 'password', 'key', 'backup', 'drives', 'done'] as const
const markOf: Record<Step, (typeof marks)[number]> = {
  code: 'code',
  password: 'password',
  choose: 'key',
  words: 'key',
  confirm: 'key',
  join: 'key',
  move: 'key',
  restore: 'key',
  backup: 'backup',
  drives: 'drives',
  recover: 'drives',
  done: 'done',
}

/** The picture on the box's screen leads to `#code=…`. It is a secret: taken at once and gone from the address. */
const codeInAddress = /^#code=([A-Z0-9]{1,16})$/.exec(window.location.hash)?.[1] ?? ''
if (codeInAddress !== '') window.history.replaceState(null, '', '#/')

export function Wizard() {
  const step = useSignal<Step | null>(null)
  const code = useSignal(codeInAddress)
  const go = (next: Step): void => {
    step.value = next
    window.scrollTo(0, 0)
  }
  const oldDrives = useSignal<readonly string[]>([])
  const restore = (): void => {
    oldDrives.value = []
    go('restore')
  }
  const move = (folders: string[]): void => {
    oldDrives.value = folders
    go('restore')
  }
  const resume = (): void => {
    currentStep().then(go, toastRefusal)
  }
  useEffect(resume, [])
  useEffect(() => {
    document.title = texts.shell.product
  }, [])
  return (
    <main class="wizard">
      <Treeline />
      <header class="wizard-head">
        <span class="wizard-name">
          <Logo size={44} />
          {texts.shell.product}
        </span>
        {step.value && <Marks step={step.value} />}
      </header>
      <div class={step.value === 'words' ? 'card wizard-card broad' : 'card wizard-card'} key={step.value}>
        {step.value === null && <Spinner label={texts.shell.loading} />}
        {step.value === 'code' && <CodeStep code={code} onDone={() => go('password')} />}
        {step.value === 'password' && <PasswordStep code={code.value} onDone={resume} onCodeWrong={() => go('code')} />}
        {step.value === 'choose' && (
          <ChooseStep onMade={() => go('words')} onRestore={restore} onMove={() => go('move')} onJoin={() => go('join')} />
        )}
        {step.value === 'join' && <JoinStep onDone={() => go('drives')} onBack={() => go('choose')} />}
        {step.value === 'words' && <WordsStep onDone={() => go('confirm')} />}
        {step.value === 'confirm' && <ConfirmStep onDone={() => go('backup')} onBack={() => go('words')} />}
        {step.value === 'backup' && <BackupStep onDone={() => go('drives')} />}
        {step.value === 'drives' && <DrivesStep onDone={() => go('done')} />}
        {step.value === 'move' && <MoveStep onChosen={move} onBack={() => go('choose')} />}
        {step.value === 'restore' && <RestoreStep onDone={() => go('recover')} onBack={() => go('choose')} />}
        {step.value === 'recover' && <RecoverStep from={oldDrives.value} onDone={() => go('done')} onBack={() => go('restore')} />}
        {step.value === 'done' && <DoneStep />}
      </div>
      {mayMove(step.value) && <OnPhone code={step.value === 'password' ? code.value : null} />}
    </main>
  )
}

/** To a phone: once the code is known to be right, and before all is done. */
function mayMove(step: Step | null): boolean {
  return step !== null && step !== 'code' && step !== 'done'
}

async function currentStep(): Promise<Step> {
  const { state } = await api.session()
  if (state === 'set-up') return 'code'
  const { nodeState, keyToRestore, mayShowWords, keyBackedUp } = await api.setupState()
  if (nodeState === 'recovering' || keyToRestore !== null) return 'recover'
  if (nodeState === 'new') return 'choose'
  if (mayShowWords) return 'words'
  return keyBackedUp ? 'drives' : 'backup'
}

function Marks({ step }: { step: Step }) {
  const now = marks.indexOf(markOf[step])
  return (
    <ol class="marks" aria-label={texts.setup.stepOf(now + 1, marks.length)}>
      {marks.map((mark, i) => (
        <li key={mark} class={i < now ? 'mark past' : i === now ? 'mark now' : 'mark'} aria-current={i === now ? 'step' : undefined}>
          <span class="mark-dot">{i < now ? <Icon name="check" size={14} /> : i + 1}</span>
          <span class="mark-text">{texts.setup.steps[mark]}</span>
        </li>
      ))}
    </ol>
  )
}
