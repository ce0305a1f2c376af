import type { ProgramGrant, Wish } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Switch } from '../parts/inputs.tsx'
import { texts } from '../texts/texts.ts'
import { kindOf } from './power-kinds.tsx'

interface DecidePowerProps {
  wish: Wish
  allowed: boolean
  grant: ProgramGrant | null
  /** A word about it, as that it is new. */
  note?: string
  onAllow: (allowed: boolean) => void
  onPick: (grant: ProgramGrant | null) => void
}

/** One wish: what it is, why, whether it is given, and with what. */
export function DecidePower({ wish, allowed, grant, note, onAllow, onPick }: DecidePowerProps) {
  const kind = kindOf(wish)
  const { Picker } = kind
  return (
    <li class="power">
      <Icon name={kind.icon} />
      <div class="power-body">
        <p class="power-what">
          <strong>{kind.wish(wish)}</strong>
          {!wish.optional && <span class="chip full">{texts.programs.powers.needed}</span>}
          {wish.optional && <span class="chip">{texts.programs.powers.optional}</span>}
          {note !== undefined && <span class="chip ok">{note}</span>}
        </p>
        <Reason wish={wish} />
        <Switch
          label={texts.programs.bring.allow}
          name={texts.programs.bring.allowOf(kind.wish(wish))}
          value={allowed}
          onChange={onAllow}
        />
        {allowed && Picker !== null && <Picker wish={wish} grant={grant} onPick={onPick} />}
      </div>
    </li>
  )
}

/** The author's words are shown as such: they may say anything. */
export function Reason({ wish: { reason } }: { wish: Wish }) {
  return (
    <p class="power-reason">
      <span class="faint">{texts.programs.powers.author}</span> <q>{reason}</q>
    </p>
  )
}
