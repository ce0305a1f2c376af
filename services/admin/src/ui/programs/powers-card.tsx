import { useSignal } from '@preact/signals'
import { type InstalledInfo, programApi, type ProgramGrant, type Wish } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { Reason } from './decide-power.tsx'
import { kindOf } from './power-kinds.tsx'
import { setProgram } from './state.ts'

/** What a program wishes, and what of it it was given. */
export function PowersCard({ program }: { program: InstalledInfo }) {
  const words = texts.programs.powers
  return (
    <section class="card" aria-labelledby="powers-title">
      <h2 id="powers-title">{words.title}</h2>
      <p class="faint">{program.powers.length === 0 ? words.none : words.lead}</p>
      <ul class="powers">
        {program.powers.map((wish) => (
          <Power key={wish.name} program={program} wish={wish} />
        ))}
      </ul>
    </section>
  )
}

function Power({ program: { id, grants }, wish }: { program: InstalledInfo; wish: Wish }) {
  const words = texts.programs.powers
  const kind = kindOf(wish)
  const given = grants.find(({ name }) => name === wish.name) ?? null
  const picking = useSignal(false)
  const grant = useSignal<ProgramGrant | null>(null)
  const give = useAction(async () => {
    if (grant.value === null) return
    setProgram(await programApi.grant(id, grant.value))
    picking.value = false
    toast('done', words.kept)
  })
  const revoke = useAction(async () => {
    setProgram(await programApi.revoke(id, wish.name))
    toast('done', words.revoked)
  })
  const { Picker } = kind
  const begin = (): void => {
    grant.value = given ?? kind.first(wish)
    if (Picker === null) give.run()
    else picking.value = true
  }
  const canGive = Picker !== null || kind.first(wish) !== null
  const what = kind.wish(wish)
  const error = give.error.value ?? revoke.error.value
  return (
    <li class="power">
      <Icon name={kind.icon} />
      <div class="power-body">
        <p class="power-what">
          <strong>{given === null ? what : kind.grant(given)}</strong>
          <span class={given === null ? 'chip' : 'chip ok'}>{given === null ? words.notGiven : words.given}</span>
          {given === null && !wish.optional && <span class="chip full">{words.needed}</span>}
        </p>
        <Reason wish={wish} />
        {picking.value && Picker !== null ? (
          <form onSubmit={give.run}>
            <Picker wish={wish} grant={grant.value} onPick={(picked) => (grant.value = picked)} />
            <div class="power-buttons">
              <button type="submit" class="button primary" disabled={grant.value === null || give.busy.value}>
                {words.keepIt}
              </button>
              <button type="button" class="button" onClick={() => (picking.value = false)}>
                {texts.common.cancel}
              </button>
            </div>
          </form>
        ) : (
          <div class="power-buttons">
            {given === null ? (
              canGive && (
                <button type="button" class="button" aria-label={words.giveOf(what)} disabled={give.busy.value} onClick={begin}>
                  {words.give}
                </button>
              )
            ) : (
              <>
                {Picker !== null && (
                  <button type="button" class="button" aria-label={words.changeOf(what)} onClick={begin}>
                    {words.change}
                  </button>
                )}
                <button
                  type="button"
                  class="button danger"
                  aria-label={words.revokeOf(what)}
                  disabled={revoke.busy.value}
                  onClick={() => revoke.run()}
                >
                  {words.revoke}
                </button>
              </>
            )}
          </div>
        )}
        {error !== null && <p class="field-error">{error}</p>}
      </div>
    </li>
  )
}
