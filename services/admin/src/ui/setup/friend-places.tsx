import { type Signal, useSignal } from '@preact/signals'
import { Refusal } from '../api/request.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

/** Where nodes of friends are: for who has lost all drives, or too many. */
export function FriendPlaces({ places }: { places: Signal<string[]> }) {
  const typed = useSignal('')
  const open = useSignal(places.value.length > 0)
  const add = useAction(async () => {
    const place = typed.value.trim()
    if (!/^\/.+\/p2p\/[A-Za-z0-9]+$/.test(place)) throw new Refusal('INPUT_INVALID', 'not an address of a node')
    if (!places.value.includes(place)) places.value = [...places.value, place]
    typed.value = ''
  })
  return (
    <details class="friend-places" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{texts.setup.restore.friends}</summary>
      <p class="faint">{texts.setup.restore.friendsText}</p>
      <ul class="folder-list">
        {places.value.map((place) => (
          <li key={place}>
            <Icon name="phone" />
            <span class="folder-name mono">{place}</span>
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={`${texts.files.remove} ${place}`}
              onClick={() => (places.value = places.value.filter((one) => one !== place))}
            >
              <Icon name="close" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <form class="field-with-button" onSubmit={add.run}>
        <Field
          label={texts.setup.restore.friendAddress}
          value={typed.value}
          onInput={(value) => {
            typed.value = value
            add.clear()
          }}
          hint={texts.setup.restore.friendHint}
          error={add.error.value === null ? null : texts.setup.restore.friendWrong}
          mono
          maxLength={300}
        />
        <button type="submit" class="button" disabled={typed.value.trim() === ''}>
          {texts.setup.drives.add}
        </button>
      </form>
    </details>
  )
}
