import { useSignal } from '@preact/signals'
import type { BroughtPackage, PackageWarning, ProgramGrant, Wish } from '../api/program-calls.ts'
import { DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { DecidePower } from './decide-power.tsx'
import { kindOf } from './power-kinds.tsx'
import { ProgramIcon } from './program-icon.tsx'
import { shortAuthor } from './state.ts'

interface ReviewPackageProps {
  found: BroughtPackage
  onAnother: () => void
  onAgree: (grants: ProgramGrant[]) => Promise<void>
}

interface Decision {
  allowed: boolean
  grant: ProgramGrant | null
}

/** What a package is, who signed it, what one should know, and each wish. */
export function ReviewPackage({ found, onAnother, onAgree }: ReviewPackageProps) {
  const words = texts.programs.bring
  const { title, about, version, powers, installed, warnings, stage } = found
  const asked = powers.filter((wish) => !isGiven(found, wish))
  const decisions = useSignal<Readonly<Record<string, Decision>>>(
    // nothing is allowed until somebody allows it
    Object.fromEntries(asked.map((wish) => [wish.name, { allowed: false, grant: kindOf(wish).first(wish) }])),
  )
  const decide = (name: string, change: Partial<Decision>): void => {
    decisions.value = { ...decisions.value, [name]: { ...(decisions.value[name] as Decision), ...change } }
  }
  const given = asked.flatMap(({ name }) => {
    const { allowed, grant } = decisions.value[name] as Decision
    return allowed && grant !== null ? [grant] : []
  })
  const isOpen = asked.some(({ name, optional }) => {
    const { allowed, grant } = decisions.value[name] as Decision
    return allowed ? grant === null : !optional
  })
  const agree = useAction(() => onAgree(given))
  return (
    <form onSubmit={agree.run}>
      <div class="program-head">
        <ProgramIcon title={title} address={found.icon ? `api/programs/packages/${stage}/icon` : null} size="large" />
        <div class="program-names">
          <p class="package-title">
            <bdi>{title}</bdi>
          </p>
          <p class="faint">{texts.programs.version(version)}</p>
        </div>
      </div>
      <p class="package-about">{about}</p>
      <Signer found={found} />
      {warnings.map((warning, i) => (
        <Notice key={i} kind="warn">
          {warningText(warning)}
        </Notice>
      ))}
      {installed !== null && <p class="faint">{words.update(installed.version, version)}</p>}
      <h3 class="package-wishes">{words.wishes}</h3>
      {powers.length === 0 && <p class="faint">{words.wishesNothing}</p>}
      <ul class="powers">
        {powers.map((wish) => {
          const decision = decisions.value[wish.name]
          if (decision === undefined) return <Kept key={wish.name} found={found} wish={wish} />
          return (
            <DecidePower
              key={wish.name}
              wish={wish}
              {...decision}
              {...(installed === null ? {} : { note: words.newWish })}
              onAllow={(allowed) => decide(wish.name, { allowed })}
              onPick={(grant) => decide(wish.name, { grant })}
            />
          )
        })}
      </ul>
      {isOpen && <p class="faint">{words.missing}</p>}
      {agree.error.value !== null && <Notice kind="bad">{agree.error.value}</Notice>}
      <DialogButtons>
        <button type="button" class="button" disabled={agree.busy.value} onClick={onAnother}>
          {words.another}
        </button>
        <button type="submit" class="button primary" disabled={isOpen || agree.busy.value}>
          {installed === null ? words.install : words.updateNow}
        </button>
      </DialogButtons>
    </form>
  )
}

function Signer({ found: { author, own } }: { found: BroughtPackage }) {
  const words = texts.programs.bring
  return (
    <div class="package-signer">
      <Icon name="shield" />
      <p>
        <strong title={author}>{own ? words.signedByYou : words.signed(shortAuthor(author))}</strong>
        <span class="faint">{words.checked}</span>
      </p>
    </div>
  )
}

function warningText(warning: PackageWarning): string {
  const words = texts.programs.bring
  return warning.kind === 'imitates' ? words.imitates(warning.title) : words.authorChanged(shortAuthor(warning.from))
}

/** What was given to the version before stays given where this one wishes no more. */
function isGiven({ installed }: BroughtPackage, wish: Wish): boolean {
  const grant = installed?.grants.find(({ name, kind }) => name === wish.name && kind === wish.kind)
  return grant !== undefined && !(grant.kind === 'folder' && grant.write && wish.write !== true)
}

function Kept({ found, wish }: { found: BroughtPackage; wish: Wish }) {
  const grant = found.installed?.grants.find(({ name }) => name === wish.name)
  const kind = kindOf(wish)
  return (
    <li class="power">
      <Icon name={kind.icon} />
      <div class="power-body">
        <p class="power-what">
          <span>{grant === undefined ? kind.wish(wish) : kind.grant(grant)}</span>
          <span class="chip ok">{texts.programs.powers.given}</span>
        </p>
      </div>
    </li>
  )
}
