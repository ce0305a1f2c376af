import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { defaultLimits } from '../../limits.ts'
import { MemoryFolders } from '../../testing/memory-folders.ts'
import { GuestMemory } from '../guest-memory.ts'
import { VatHost } from '../vat-host.ts'
import { ERRNO } from './errno.ts'
import { Wasi } from './wasi.ts'

const [CREATE, DIRECTORY, EXCLUSIVE, TRUNCATE, APPEND] = [1, 2, 4, 8, 1]
const READ = 1n << 1n
const WRITE = 1n << 6n
const OUT = 8
const VECTORS = 64
const TEXT = 1024
const BUFFER = 8192
const PHOTOS = 3

/** Calls of WASI as a program makes them, with the memory of one. */
class Caller {
  readonly folders = new MemoryFolders()
  readonly memory = new GuestMemory()
  readonly wasi: Wasi

  constructor() {
    this.memory.memory = new WebAssembly.Memory({ initial: 64 })
    const opening = { limits: defaultLimits, store: [], image: null, preopens: ['/photos'], args: [], now: 0, seed: null }
    const host = new VatHost({ ...opening, script: null, module: null as never, mailbox: null as never }, null as never, () => utf8(''))
    host.call = (name, args) => this.folders.use(new TextDecoder().decode(name), args)
    this.wasi = new Wasi(host, this.memory)
  }

  call(name: string, ...args: (number | bigint)[]): number {
    return (this.wasi.imports[name] as unknown as (...args: (number | bigint)[]) => number)(...args)
  }

  /** Puts a path where the program would have it. */
  path(path: string | Uint8Array, at = TEXT): [number, number] {
    const bytes = typeof path === 'string' ? utf8(path) : path
    this.memory.view(at, bytes.length).set(bytes)
    return [at, bytes.length]
  }

  /** @returns the number it has, or less than nothing: that of what went wrong. */
  open(path: string | Uint8Array, { how = 0, rights = READ, flags = 0, from = PHOTOS } = {}): number {
    const errno = this.call('path_open', from, 1, ...this.path(path), how, rights, 0n, flags, OUT)
    return errno === 0 ? this.memory.u32(OUT) : -errno
  }

  write(fd: number, text: string): number {
    this.memory.view(BUFFER, text.length).set(utf8(text))
    this.#vectors([[BUFFER, text.length]])
    const errno = this.call('fd_write', fd, VECTORS, 1, OUT)
    return errno === 0 ? this.memory.u32(OUT) : -errno
  }

  read(fd: number, length: number): string | number {
    this.#vectors([[BUFFER, length]])
    const errno = this.call('fd_read', fd, VECTORS, 1, OUT)
    return errno === 0 ? this.memory.text(BUFFER, this.memory.u32(OUT)) : -errno
  }

  at(name: 'path_unlink_file' | 'path_remove_directory' | 'path_create_directory', path: string): number {
    return this.call(name, PHOTOS, ...this.path(path))
  }

  rename(from: string, to: string): number {
    return this.call('path_rename', PHOTOS, ...this.path(from), PHOTOS, ...this.path(to, TEXT + 4096))
  }

  stat(path: string): { kind: number; size: bigint } | number {
    const errno = this.call('path_filestat_get', PHOTOS, 0, ...this.path(path), OUT)
    if (errno !== 0) return -errno
    const view = new DataView(this.memory.copy(OUT, 64).buffer)
    return { kind: view.getUint8(16), size: view.getBigUint64(32, true) }
  }

  list(fd: number, bufferBytes: number): string[] {
    const names: string[] = []
    for (let cookie = 0n; ; ) {
      assert.equal(this.call('fd_readdir', fd, BUFFER, bufferBytes, cookie, OUT), 0)
      const bytes = this.memory.copy(BUFFER, this.memory.u32(OUT))
      const view = new DataView(bytes.buffer)
      let at = 0
      while (at + 24 <= bytes.length) {
        const length = view.getUint32(at + 16, true)
        if (at + 24 + length > bytes.length) break
        names.push(new TextDecoder().decode(bytes.subarray(at + 24, at + 24 + length)))
        cookie = view.getBigUint64(at, true)
        at += 24 + length
      }
      if (bytes.length < bufferBytes) return names
      assert.ok(at > 0, 'a buffer holds at least one name')
    }
  }

  #vectors(parts: readonly (readonly [number, number])[]): void {
    for (const [index, [at, length]] of parts.entries()) {
      this.memory.setU32(VECTORS + index * 8, at)
      this.memory.setU32(VECTORS + index * 8 + 4, length)
    }
  }
}

test('a folder that was given is open from the start, under its name', () => {
  const program = new Caller()
  assert.equal(program.call('fd_prestat_get', PHOTOS, OUT), 0)
  assert.equal(program.memory.u32(OUT + 4), '/photos'.length)
  assert.equal(program.call('fd_prestat_dir_name', PHOTOS, BUFFER, 7), 0)
  assert.equal(program.memory.text(BUFFER, 7), '/photos')
  assert.equal(program.call('fd_prestat_dir_name', PHOTOS, BUFFER, 6), ERRNO.nameTooLong)
  assert.equal(program.call('fd_prestat_get', PHOTOS + 1, OUT), ERRNO.badFd)
})

test('a file is read a little at a time, and asked for seldom', () => {
  const program = new Caller()
  program.folders.entries.set('a.txt', utf8('0123456789'.repeat(50_000)))
  const fd = program.open('a.txt')
  let text = ''
  for (let part = program.read(fd, 1024); part !== ''; part = program.read(fd, 1024)) text += String(part)
  assert.equal(text, '0123456789'.repeat(50_000))
  assert.deepEqual(program.folders.uses, ['stat a.txt', 'read a.txt', 'read a.txt'])
  assert.equal(program.call('fd_seek', fd, -3n, 2, OUT), 0)
  assert.equal(program.read(fd, 10), '789')
  assert.equal(program.call('fd_seek', fd, -1n, 0, OUT), ERRNO.invalid)
  assert.equal(program.write(fd, 'x'), -ERRNO.badFd, 'it was opened for reading')
})

test('what is written little by little is one write, and there when the file is closed, synced, read, or the delivery ends', () => {
  const program = new Caller()
  const fd = program.open('new.txt', { how: CREATE | EXCLUSIVE, rights: READ | WRITE })
  assert.equal(program.folders.text('new.txt'), '', 'it is there at once')
  for (const word of ['one ', 'two ', 'three']) assert.equal(program.write(fd, word), word.length)
  assert.equal(program.folders.text('new.txt'), '')
  assert.equal(program.call('fd_sync', fd), 0)
  assert.equal(program.folders.text('new.txt'), 'one two three')
  assert.equal(program.call('fd_seek', fd, 4n, 0, OUT), 0)
  program.write(fd, 'TWO')
  assert.equal(program.read(fd, 100), ' three')
  assert.equal(program.folders.text('new.txt'), 'one TWO three')
  program.write(fd, '!')
  program.wasi.finish()
  assert.equal(program.folders.text('new.txt'), 'one TWO three!')
  program.write(fd, '!')
  assert.equal(program.call('fd_close', fd), 0)
  assert.equal(program.folders.text('new.txt'), 'one TWO three!!')
  assert.equal(program.call('fd_close', fd), ERRNO.badFd)
  assert.equal(program.folders.uses.filter((use) => use.startsWith('writeAt')).length, 4)
})

test('files are truncated, appended to, and written beyond their end', () => {
  const program = new Caller()
  program.folders.entries.set('a', utf8('before'))
  const end = program.open('a', { rights: WRITE, flags: APPEND })
  program.write(end, ' and')
  program.write(end, ' after')
  program.call('fd_close', end)
  assert.equal(program.folders.text('a'), 'before and after')
  const fd = program.open('a', { how: TRUNCATE, rights: WRITE })
  assert.equal(program.folders.text('a'), '')
  program.call('fd_seek', fd, 3n, 0, OUT)
  program.write(fd, 'x')
  assert.equal(program.call('fd_filestat_get', fd, OUT), 0)
  assert.equal(program.folders.text('a'), '\0\0\0x')
  assert.equal(program.call('fd_filestat_set_size', fd, 2n), 0)
  assert.equal(program.folders.text('a'), '\0\0')
  program.folders.full = true
  program.write(fd, 'y')
  assert.equal(program.call('fd_close', fd), ERRNO.noSpace, 'close tells what did not get there')
})

test('two that have a file open see the same; what was moved or removed stays what it is', () => {
  const program = new Caller()
  const [one, other] = [program.open('a', { how: CREATE, rights: READ | WRITE }), program.open('a', { rights: READ | WRITE })]
  program.write(one, 'hello')
  assert.equal(program.read(other, 5), 'hello')
  program.write(one, ' there')
  assert.equal(program.rename('a', 'b'), 0)
  assert.equal(program.folders.text('b'), 'hello there')
  program.write(one, '!')
  program.call('fd_close', one)
  assert.equal(program.folders.text('b'), 'hello there!')
  assert.equal(program.at('path_unlink_file', 'b'), 0)
  assert.equal(program.read(other, 1), -ERRNO.notFound)
  assert.equal(program.call('fd_close', other), 0)
  assert.deepEqual([...program.folders.entries.keys()], [])
})

test('folders are made, listed through a small buffer, and removed when they are empty', () => {
  const program = new Caller()
  const names = Array.from({ length: 2500 }, (_, index) => `name ${String(index).padStart(4, '0')}`)
  assert.equal(program.at('path_create_directory', 'many'), 0)
  assert.equal(program.at('path_create_directory', 'many'), ERRNO.exists)
  for (const name of names) program.folders.entries.set(`many/${name}`, utf8(''))
  const fd = program.open('many', { how: DIRECTORY })
  assert.deepEqual(program.list(fd, 1000), ['.', '..', ...names])
  program.folders.entries.delete('many/name 0000')
  assert.deepEqual(program.list(fd, 100_000).slice(2, 4), ['name 0001', 'name 0002'], 'from the beginning it is looked at anew')
  assert.equal(program.at('path_remove_directory', 'many'), ERRNO.notEmpty)
  assert.equal(program.at('path_unlink_file', 'many'), ERRNO.isDirectory)
  assert.equal(program.open('name 0001', { from: fd }) > fd, true, 'from a folder that was opened')
  assert.equal(program.open('../many/name 0001', { from: fd }), -ERRNO.outside, 'not above one')
  for (const name of names) program.folders.entries.delete(`many/${name}`)
  assert.equal(program.at('path_remove_directory', 'many'), 0)
  assert.equal(program.stat('many'), -ERRNO.notFound)
  assert.deepEqual(program.stat('.'), { kind: 3, size: 0n })
})

test('a path that leads out of the folder, or is none, gets nowhere: no power is used for it', () => {
  const program = new Caller()
  program.folders.entries.set('a', utf8(''))
  for (const path of ['..', '../a', 'x/../../a', './../a', '/a', '/', '//a', 'x/../..', '../photos/a'])
    assert.equal(program.open(path), -ERRNO.outside, path)
  assert.equal(program.open('a\0b'), -ERRNO.illegalBytes)
  assert.equal(program.open(Uint8Array.of(0x61, 0xff)), -ERRNO.illegalBytes)
  assert.equal(program.open(''), -ERRNO.notFound)
  assert.equal(program.call('path_open', PHOTOS, 0, TEXT, 0xffffffff, 0, READ, 0n, 0, OUT), ERRNO.nameTooLong)
  for (const work of ['path_unlink_file', 'path_remove_directory'] as const) {
    assert.equal(program.at(work, '.'), ERRNO.busy, 'the folder itself is not the program’s')
    assert.equal(program.at(work, '../b'), ERRNO.outside)
  }
  assert.equal(program.rename('a', '../a'), ERRNO.outside)
  assert.equal(program.rename('.', 'b'), ERRNO.busy)
  assert.deepEqual(program.folders.uses, [])
  assert.ok(program.open('x/.././a') > 0)
})

test('links are not followed, folders are no files, and a folder for reading is not changed', () => {
  const program = new Caller()
  program.folders.entries.set('link', '/etc').set('folder', null).set('file', utf8('x'))
  assert.equal(program.open('link'), -ERRNO.link)
  assert.deepEqual(program.stat('link'), { kind: 7, size: 0n })
  assert.equal(program.open('folder', { rights: READ | WRITE }), -ERRNO.isDirectory)
  assert.equal(program.open('file', { how: DIRECTORY }), -ERRNO.notDirectory)
  assert.equal(program.open('file/'), -ERRNO.notDirectory)
  assert.equal(program.open('file', { how: CREATE | EXCLUSIVE }), -ERRNO.exists)
  assert.equal(program.read(PHOTOS, 1), -ERRNO.isDirectory)
  program.folders.readOnly = true
  assert.equal(program.open('file', { rights: WRITE }), -ERRNO.readOnly)
  assert.equal(program.open('file', { how: TRUNCATE }), -ERRNO.readOnly)
  assert.equal(program.open('other', { how: CREATE, rights: WRITE }), -ERRNO.readOnly)
  assert.equal(program.at('path_create_directory', 'd'), ERRNO.access)
  assert.ok(program.open('file') > 0)
})

test('only so much is open at once, numbers are used again, and wild ones are none', () => {
  const program = new Caller()
  program.folders.entries.set('a', utf8('x'))
  let last = 0
  for (let fd = program.open('a'); fd > 0; fd = program.open('a')) last = fd
  assert.equal(program.open('a'), -ERRNO.tooManyFiles)
  assert.ok(last >= 64)
  assert.equal(program.call('fd_close', 7), 0)
  assert.equal(program.open('a'), 7)
  for (const fd of [-1, 0x7fffffff, 1e6])
    for (const name of ['fd_close', 'fd_sync', 'fd_tell', 'fd_readdir', 'fd_filestat_get', 'path_open'])
      assert.equal(program.call(name, fd, 0, 0, 0, 0, 0, 0n, 0, 0), ERRNO.badFd, `${name} ${fd}`)
  assert.equal(program.call('fd_renumber', 8, 1), 0)
  assert.equal(program.read(1, 1), 'x', 'standard output is that file now')
  assert.equal(program.call('fd_close', 0), 0)
  assert.equal(program.read(0, 1), -ERRNO.badFd)
})

test('many large parts are as much as one call may bring, and one outside of its memory is the end of the program', () => {
  const program = new Caller()
  program.folders.entries.set('a', new Uint8Array(3 << 20).fill(7))
  const fd = program.open('a', { rights: READ | WRITE })
  for (let index = 0; index < 1024; index++) {
    program.memory.setU32(VECTORS * 1024 + index * 8, 1 << 20)
    program.memory.setU32(VECTORS * 1024 + index * 8 + 4, 1 << 20)
  }
  assert.equal(program.call('fd_read', fd, VECTORS * 1024, 0xffffffff, OUT), 0)
  assert.equal(program.memory.u32(OUT), 1 << 20)
  assert.equal(program.call('fd_pwrite', fd, VECTORS * 1024, 1024, 0n, OUT), 0)
  assert.equal(program.memory.u32(OUT), 1 << 20)
  program.memory.setU32(VECTORS * 1024, 0xfffffff0)
  assert.throws(() => program.call('fd_read', fd, VECTORS * 1024, 1, OUT), /outside of its memory/)
  assert.throws(() => program.call('fd_filestat_get', fd, 0xfffffff0), /outside of its memory/)
})

test('what a delivery wrote and could not be kept is its failure', () => {
  const program = new Caller()
  program.write(program.open('a', { how: CREATE, rights: WRITE }), 'x')
  program.folders.full = true
  assert.throws(
    () => program.wasi.finish(),
    (error) => isHoltError(error, 'DISK_FULL'),
  )
})
