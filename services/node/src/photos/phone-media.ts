/** Where in the list of a volume: everything up to this one was looked at. */
export interface MediaPlace {
  change: number
  id: number
}

/** A picture or video as the phone's own list has it. */
export interface MediaItem extends MediaPlace {
  name: string
  /** What the list says; the file may have another size. */
  sizeBytes: number
  /** Seconds since 1970. */
  modified: number
  /** When it was taken, as `YYYY-MM` on the phone's calendar. */
  month: string
  video: boolean
}

export interface MediaVolume {
  name: string
  /** Another one: the list was made anew, and its numbers mean other files. */
  database: string
}

export interface MediaState {
  /** 'some': the owner chose single ones, which may become more. */
  access: 'all' | 'some' | 'none'
  /** Where a picture was taken comes with it; without that permission the system takes it out. */
  places: boolean
  /** Those that are there now: a card that was taken out is not, which says nothing of what is on it. */
  volumes: MediaVolume[]
  /** What the phone is called. */
  phone: string
}

export interface PhoneConditions {
  charging: boolean
  wifi: boolean
  /** What goes over it may cost. True when there is no network. */
  metered: boolean
}

/** Bytes of one call of `read`, at most. */
export const MEDIA_PIECE_BYTES = 1 << 20

/** The phone's pictures and videos. Nothing here changes or removes one. */
export interface PhoneMedia {
  state(): Promise<MediaState>
  /** In the order of `change`, then `id`, those after a place. @throws HoltError NOT_AUTHORIZED, NOT_FOUND for a volume that is gone. */
  list(volume: string, options: { after: MediaPlace; videos: boolean; limit: number }): Promise<MediaItem[]>
  count(volume: string, options: { after: MediaPlace; videos: boolean }): Promise<number>
  /** Fewer bytes than asked for only at the end. @throws HoltError NOT_FOUND, NOT_AUTHORIZED, IO_FAILED. */
  read(volume: string, item: { id: number; video: boolean }, offset: number, lengthBytes: number): Promise<Uint8Array>
  /** Has the phone ask its owner. @returns false when nobody looks at the app. */
  askAccess(): Promise<boolean>
  conditions(): PhoneConditions
  /** @returns what ends it. */
  watch(listener: (what: 'media' | 'conditions') => void): () => void
}
