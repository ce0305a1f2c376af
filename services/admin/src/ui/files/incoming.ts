/** What a person hands in, by a picker or by dropping it: files with their place, and folders that may be empty. */
export interface Incoming {
  files: { file: File; path: string }[]
  folders: string[]
}

/** From a file or folder picker; a folder picker leaves empty folders out. */
export function chosenFiles(list: ArrayLike<File>): Promise<Incoming> {
  const files = Array.from(list).map((file) => ({ file, path: file.webkitRelativePath || file.name }))
  return Promise.resolve({ files, folders: [] })
}

/** From a drop. Must be called while the event is handled: its items are gone afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<Incoming> {
  const entries = Array.from(transfer.items).flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return chosenFiles(transfer.files)
  return readEntries(entries)
}

async function readEntries(entries: FileSystemEntry[]): Promise<Incoming> {
  const incoming: Incoming = { files: [], folders: [] }
  const waiting = [...entries]
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const path = entry.fullPath.replace(/^\//, '')
    if (entry.isFile) incoming.files.push({ file: await fileOf(entry as FileSystemFileEntry), path })
    else {
      incoming.folders.push(path)
      waiting.push(...(await childrenOf(entry as FileSystemDirectoryEntry)))
    }
  }
  return incoming
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** The browser hands out a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}
