interface ProgramIconProps {
  title: string
  /** null: it has none, and its first letter stands for it. */
  address: string | null
  size?: 'large'
}

/** Beside its title, which says what it is. */
export function ProgramIcon({ title, address, size }: ProgramIconProps) {
  const letter = Array.from(title)[0]?.toUpperCase() ?? ''
  return (
    <span class={size === 'large' ? 'program-icon large' : 'program-icon'} aria-hidden="true">
      {address === null ? letter : <img src={address} alt="" />}
    </span>
  )
}

/** @param version so that the icon of an update shows. */
export function iconAddress({ id, icon, version }: { id: string; icon: boolean; version: string }): string | null {
  return icon ? `api/programs/${id}/icon?${encodeURIComponent(version)}` : null
}
