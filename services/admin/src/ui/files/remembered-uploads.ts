/**
 * What this browser remembers of uploads over a reload, in IndexedDB: which upload on the node belongs to which file, and what a person had handed in.
 * A browser that keeps nothing forgets, and uploads begin anew.
 */

export interface UploadJob {
  /** Counted by the database. */
  id?: number
  /** Where it all goes. */
  folder: string
  /** What a person would call it: a file or a folder. */
  name: string
  isFolder: boolean
  count: number
  begunMs: number
  /** Opens the same files again, where the browser hands such out. */
  handle: FileSystemHandle | null
}

type Stores = 'parts' | 'jobs'

/** The same file by all that can be told without reading it. */
export function fingerprint({ name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>): string {
  return `${size} ${lastModified} ${name}`
}

export const rememberedParts = {
  get: async (file: File): Promise<string | null> =>
    ((await ask('parts', 'readonly', (store) => store.get(fingerprint(file)))) as string | undefined) ?? null,
  set: (file: File, url: string): Promise<unknown> => ask('parts', 'readwrite', (store) => store.put(url, fingerprint(file))),
  forget: (file: File): Promise<unknown> => ask('parts', 'readwrite', (store) => store.delete(fingerprint(file))),
}

export const rememberedJobs = {
  list: async (): Promise<UploadJob[]> => ((await ask('jobs', 'readonly', (store) => store.getAll())) as UploadJob[] | undefined) ?? [],
  /** @returns its number; null when nothing is kept. */
  add: async (job: UploadJob): Promise<number | null> => {
    const added = await ask('jobs', 'readwrite', (store) => store.add(job))
    return typeof added === 'number' ? added : null
  },
  forget: (id: number): Promise<unknown> => ask('jobs', 'readwrite', (store) => store.delete(id)),
}

/** Also names and places of files are somebody's. */
export async function forgetUploads(): Promise<void> {
  for (const store of ['parts', 'jobs'] as const) await ask(store, 'readwrite', (all) => all.clear())
}

let database: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  database ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open('holt-uploads', 1)
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('parts')
      opening.result.createObjectStore('jobs', { keyPath: 'id', autoIncrement: true })
    }
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('no database'))
  })
  return database
}

async function ask(store: Stores, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const request = work((await open()).transaction(store, mode).objectStore(store))
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('not kept'))
    })
  } catch {
    return undefined // private windows and full disks: nothing is remembered
  }
}
