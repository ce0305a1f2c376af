import { api } from '../api/calls.ts'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

interface ChooseStepProps {
  onMade: () => void
  onRestore: () => void
  onMove: () => void
  onJoin: () => void
}

export function ChooseStep({ onMade, onRestore, onMove, onJoin }: ChooseStepProps) {
  const make = useAction(async () => {
    await api.makeKey()
    onMade()
  })
  return (
    <>
      <h1>{texts.setup.choose.title}</h1>
      <p class="lead">{texts.setup.choose.text}</p>
      {make.error.value && <Notice kind="bad">{make.error.value}</Notice>}
      <div class="choices">
        <Choice
          icon="key"
          title={texts.setup.choose.make}
          text={texts.setup.choose.makeText}
          onChoose={make.run}
          disabled={make.busy.value}
        />
        <Choice
          icon="history"
          title={texts.setup.choose.restore}
          text={texts.setup.choose.restoreText}
          onChoose={onRestore}
          disabled={make.busy.value}
        />
        <Choice
          icon="drive"
          title={texts.setup.choose.move}
          text={texts.setup.choose.moveText}
          onChoose={onMove}
          disabled={make.busy.value}
        />
        <Choice
          icon="link"
          title={texts.setup.choose.join}
          text={texts.setup.choose.joinText}
          onChoose={onJoin}
          disabled={make.busy.value}
        />
      </div>
    </>
  )
}

interface ChoiceProps {
  icon: IconName
  title: string
  text: string
  onChoose: () => void
  disabled: boolean
}

function Choice({ icon, title, text, onChoose, disabled }: ChoiceProps) {
  return (
    <button type="button" class="choice" onClick={onChoose} disabled={disabled}>
      <span class="choice-icon">
        <Icon name={icon} size={24} />
      </span>
      <span class="choice-text">
        <strong>{title}</strong>
        <span>{text}</span>
      </span>
      <Icon name="forward" />
    </button>
  )
}
