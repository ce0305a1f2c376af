import type { Disk, DiskFile } from './disk.ts'
import { equalBytes, utf8 } from './bytes.ts'
import { isHoltError, type HoltErrorCode } from './errors.ts'
import { readInto } from './read-into.ts'

/** One thing that every Disk does; `run` throws when this one does not. The disk it gets is empty. */
export interface DiskCase {
  name: string
  run(disk: Disk): Promise<void>
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`disk case: ${what}`)
}

async function checkFails(code: HoltErrorCode, action: () => Promise<unknown>, what: string): Promise<void> {
  const outcome = await action().then(
    () => null,
    (error: unknown) => error,
  )
  check(isHoltError(outcome, code), `${what} should fail with ${code}, not ${String(outcome)}`)
}

async function opened(disk: Disk, path: string, create: 'never' | 'new' | 'always'): Promise<DiskFile> {
  const file = await disk.open(path, { create })
  check(file !== null, `${path} opens`)
  return file
}

const hello = utf8('hello, disk')

/** What every Disk does; each implementation's test runs all of them. */
export const diskCases: readonly DiskCase[] = [
  {
    name: 'absence is null, never an error',
    async run(disk) {
      check((await disk.open('a')) === null, 'open of a file that is not there')
      check((await disk.open('no/such/a')) === null, 'open in a folder that is not there')
      check((await disk.readFile('a')) === null, 'readFile')
      check((await disk.sizeOf('a')) === null, 'sizeOf')
      check((await disk.list('no')) === null, 'list')
      await disk.remove('a')
    },
  },
  {
    name: 'a file is created when told, and only then',
    async run(disk) {
      await (await opened(disk, 'a', 'new')).close()
      await checkFails('ALREADY_EXISTS', () => disk.open('a', { create: 'new' }), 'a second creation')
      const again = await opened(disk, 'a', 'always')
      check((await again.size()) === 0, 'a new file is empty')
      await again.close()
      await checkFails('IO_FAILED', () => disk.open('no/such/a', { create: 'always' }), 'creation in a missing folder')
    },
  },
  {
    name: 'writes land where they were told, gaps read as zeros, reads stop at the end',
    async run(disk) {
      const file = await opened(disk, 'a', 'new')
      await file.write(3, hello)
      check(equalBytes(await file.read(0, 100), new Uint8Array([0, 0, 0, ...hello])), 'gap and end')
      check((await file.read(50, 10)).length === 0, 'read past the end')
      await file.write(0, utf8('abc'))
      await file.sync()
      check(equalBytes(await file.read(2, 3), utf8('che')), 'a read in the middle')
      check((await file.size()) === 14 && (await disk.sizeOf('a')) === 14, 'size')
      await file.close()
    },
  },
  {
    name: 'reads into memory of the caller, up to the end of the file',
    async run(disk) {
      const file = await opened(disk, 'a', 'new')
      await file.write(0, hello)
      const target = new Uint8Array(new SharedArrayBuffer(20), 2, 8)
      check((await readInto(file, 3, target)) === 8 && equalBytes(target, utf8('lo, disk')), 'a full read')
      check((await readInto(file, 7, target)) === 4, 'a short read')
      check(equalBytes(target.subarray(0, 4), utf8('disk')), 'what a short read gives')
      check((await readInto(file, 50, target)) === 0, 'a read past the end')
      await file.close()
    },
  },
  {
    name: 'takes bytes in shared memory',
    async run(disk) {
      const shared = new Uint8Array(new SharedArrayBuffer(64), 8, hello.length)
      shared.set(hello)
      const file = await opened(disk, 'a', 'new')
      await file.write(0, shared)
      await file.close()
      check(equalBytes((await disk.readFile('a')) ?? new Uint8Array(), hello), 'what was written')
    },
  },
  {
    name: 'what was cut off reads as zeros when the file grows again',
    async run(disk) {
      const file = await opened(disk, 'a', 'new')
      await file.write(0, hello)
      await file.truncate(5)
      await file.truncate(8)
      check(equalBytes(await file.read(0, 20), new Uint8Array([...hello.subarray(0, 5), 0, 0, 0])), 'after truncation')
      await file.close()
    },
  },
  {
    name: 'bytes written later do not change what was read before',
    async run(disk) {
      const file = await opened(disk, 'a', 'new')
      await file.write(0, hello)
      const read = await file.read(0, hello.length)
      await file.write(0, new Uint8Array(hello.length))
      check(equalBytes(read, hello), 'the read bytes are the reader’s own')
      await file.close()
    },
  },
  {
    name: 'folders hold what was made in them',
    async run(disk) {
      await disk.makeFolder('f/g')
      await disk.makeFolder('f')
      await (await opened(disk, 'f/a', 'new')).close()
      await (await opened(disk, 'f/g/b', 'new')).close()
      check([...((await disk.list('f')) ?? [])].sort().join() === 'a,g', 'list of f')
      check(((await disk.list('f/g')) ?? []).join() === 'b', 'list of f/g')
      check(((await disk.list('')) ?? []).join() === 'f', 'list of the root')
      check((await disk.sizeOf('f/g')) === null, 'a folder is no file')
      await disk.syncFolder('f/g')
    },
  },
  {
    name: 'a rename replaces its target, and open files follow their content',
    async run(disk) {
      await disk.makeFolder('f')
      await disk.replaceFile('b', utf8('old'))
      const file = await opened(disk, 'a', 'new')
      await file.write(0, hello)
      await disk.rename('a', 'b')
      await file.write(0, utf8('J'))
      await file.close()
      check(equalBytes((await disk.readFile('b')) ?? new Uint8Array(), utf8('Jello, disk')), 'the renamed file')
      check((await disk.readFile('a')) === null, 'the old name is gone')
      await disk.rename('b', 'f/c')
      check((await disk.sizeOf('f/c')) === hello.length, 'renamed into a folder')
      await checkFails('IO_FAILED', () => disk.rename('a', 'b'), 'renaming what is not there')
    },
  },
  {
    name: 'an open file can be read after it was removed',
    async run(disk) {
      await disk.replaceFile('a', hello)
      const file = await opened(disk, 'a', 'never')
      await disk.remove('a')
      check((await disk.sizeOf('a')) === null, 'the name is gone')
      check(equalBytes(await file.read(0, 100), hello), 'the content is not')
      await file.close()
    },
  },
  {
    name: 'replaceFile leaves the new content and nothing beside it',
    async run(disk) {
      await disk.makeFolder('f')
      await disk.replaceFile('f/a', utf8('a longer text than the next'))
      await disk.replaceFile('f/a', hello)
      check(equalBytes((await disk.readFile('f/a')) ?? new Uint8Array(), hello), 'content')
      check(((await disk.list('f')) ?? []).join() === 'a', 'nothing else in the folder')
    },
  },
  {
    name: 'knows its space',
    async run(disk) {
      const { totalBytes, freeBytes } = await disk.space()
      check(totalBytes > 0 && freeBytes >= 0 && freeBytes <= totalBytes, 'free and total')
    },
  },
]
