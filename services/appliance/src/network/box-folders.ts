import { join } from 'node:path'

/** Where the network's files lie; tests have theirs somewhere else. */
export interface BoxFolders {
  /** What holds for good: on the drive. */
  kept: string
  /** What holds now: gone with the power. */
  live: string
  /** Where systemd-networkd looks before it looks into the image. */
  networkd: string
  /** /sys/class/net */
  links: string
}

export function boxFoldersIn(root: string): BoxFolders {
  return {
    kept: join(root, 'data/system'),
    live: join(root, 'run/holt'),
    networkd: join(root, 'run/systemd/network'),
    links: '/sys/class/net',
  }
}

export const settingsFile = ({ kept }: BoxFolders): string => join(kept, 'network', 'settings.json')
export const wireguardKeyFile = ({ kept }: BoxFolders): string => join(kept, 'network', 'wireguard-key')
/** A link to the folder with the files of the settings that hold: the start takes them from here, without us. */
export const generatedLink = ({ kept }: BoxFolders): string => join(kept, 'generated')
export const trialFile = ({ live }: BoxFolders): string => join(live, 'trial.json')
