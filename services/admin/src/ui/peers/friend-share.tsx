import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { api, type FriendShare } from '../api/calls.ts'
import { bytesText, dateText } from '../format.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { readPeers } from './state.ts'

const CHOICES = [0, 10e9, 50e9, 100e9, 250e9, 500e9, 1e12, 2e12, 4e12]

/** What this node and a friend keep for each other, and what they may. */
export function FriendShares({ id, name, share }: { id: string; name: string; share: FriendShare }) {
  const select = useId()
  const words = texts.peers.share
  const { give, fixedBytes, mostBytes, givenBytes, heldBytes, newest } = share
  const wanted = useSignal<{ give: boolean; mostBytes: number | null }>({ give, mostBytes: fixedBytes })
  const set = useAction(async () => {
    await api.shareWithFriend(id, wanted.value)
    toast('done', words.kept)
    await readPeers().catch(toastRefusal)
  })
  const change = (part: Partial<{ give: boolean; mostBytes: number | null }>): void => {
    wanted.value = { give, mostBytes: fixedBytes, ...part }
    set.run()
  }
  // what was chosen shows at once, and stays when the node takes it
  const shown = set.busy.value ? wanted.value : { give, mostBytes: fixedBytes }
  const choices = fixedBytes === null || CHOICES.includes(fixedBytes) ? CHOICES : [...CHOICES, fixedBytes].sort((a, b) => a - b)
  return (
    <div class="friend-share">
      <label class="checkbox">
        <input
          type="checkbox"
          checked={shown.give}
          disabled={set.busy.value}
          onChange={(event) => change({ give: event.currentTarget.checked })}
        />
        {words.keeps(name)}
      </label>
      <dl class="friend-figures">
        <div>
          <dt>{words.there}</dt>
          <dd>{bytesText(givenBytes)}</dd>
        </div>
        <div>
          <dt>{words.here}</dt>
          <dd>{bytesText(heldBytes)}</dd>
        </div>
        {give && (
          <div>
            <dt>{words.newest}</dt>
            <dd>{newest === undefined || newest === null ? words.notYet : dateText(newest)}</dd>
          </div>
        )}
      </dl>
      <div class="field">
        <label for={select}>{words.most(name)}</label>
        <select
          id={select}
          disabled={set.busy.value}
          onChange={({ currentTarget: { value } }) => change({ mostBytes: value === '' ? null : Number(value) })}
        >
          <option value="" selected={shown.mostBytes === null}>
            {words.asMuch(bytesText(mostBytes))}
          </option>
          {choices.map((bytes) => (
            <option key={bytes} value={bytes} selected={bytes === shown.mostBytes}>
              {bytes === 0 ? words.nothing : bytesText(bytes)}
            </option>
          ))}
        </select>
      </div>
      {set.error.value && <p class="field-error">{set.error.value}</p>}
    </div>
  )
}
