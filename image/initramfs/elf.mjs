import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

/**
 * The loader and all libraries that a program needs, and they in turn, as paths in the tree. Reads the files themselves,
 * so that it works for any architecture. Libraries are looked for where the loader looks: usr/lib and its one folder
 * per architecture.
 */
export function neededLibraries(tree, program) {
  const folders = [
    'usr/lib',
    'usr/lib64',
    ...readdirSync(join(tree, 'usr/lib'))
      .filter((name) => /-linux-gnu/.test(name))
      .map((name) => `usr/lib/${name}`),
  ]
  const found = new Set()
  const visit = (path) => {
    const { interpreter, needed } = readDynamic(join(tree, path))
    const names = interpreter === null ? needed : [...needed, interpreter.slice(1)]
    for (const name of names) {
      const library = locate(tree, folders, name)
      if (library === null) throw new Error(`${path} needs ${name}, which is not in ${folders.join(', ')}`)
      if (found.has(library)) continue
      found.add(library)
      visit(library)
    }
  }
  visit(program)
  return [...found]
}

/** A name with folders is the loader's own path: /lib64 and /lib are links into /usr. */
function locate(tree, folders, name) {
  const candidates = name.includes('/') ? [`usr/${name.replace(/^usr\//, '')}`] : folders.map((folder) => `${folder}/${name}`)
  return candidates.find((path) => existsSync(join(tree, path)) || isDangling(tree, path)) ?? null
}

function isDangling(tree, path) {
  const folder = join(tree, dirname(path))
  return existsSync(folder) && readdirSync(folder).includes(basename(path)) && !relative(tree, realpathSync(folder)).startsWith('..')
}

/** Interpreter and needed libraries of a 64-bit little-endian ELF file; nothing of a static one. */
export function readDynamic(path) {
  const file = openSync(path, 'r')
  try {
    const size = fstatSync(file).size
    const read = (offset, length) => {
      const bytes = Buffer.alloc(Math.min(length, size - offset))
      readSync(file, bytes, 0, bytes.length, offset)
      return bytes
    }
    const header = read(0, 64)
    if (header.readUInt32BE(0) !== 0x7f454c46) return { interpreter: null, needed: [] }
    const segments = programHeaders(header, read)
    const interpreterAt = segments.find(({ type }) => type === 3)
    const interpreter = interpreterAt ? text(read(interpreterAt.offset, interpreterAt.size), 0) : null
    const dynamic = segments.find(({ type }) => type === 2)
    return { interpreter, needed: dynamic ? neededNames(read(dynamic.offset, dynamic.size), segments, read) : [] }
  } finally {
    closeSync(file)
  }
}

function programHeaders(header, read) {
  const offset = Number(header.readBigUInt64LE(32))
  const entrySize = header.readUInt16LE(54)
  const count = header.readUInt16LE(56)
  const table = read(offset, entrySize * count)
  return Array.from({ length: count }, (_, i) => ({
    type: table.readUInt32LE(i * entrySize),
    offset: Number(table.readBigUInt64LE(i * entrySize + 8)),
    address: Number(table.readBigUInt64LE(i * entrySize + 16)),
    size: Number(table.readBigUInt64LE(i * entrySize + 32)),
  }))
}

function neededNames(dynamic, segments, read) {
  const entries = Array.from({ length: dynamic.length / 16 }, (_, i) => [
    Number(dynamic.readBigUInt64LE(i * 16)),
    Number(dynamic.readBigUInt64LE(i * 16 + 8)),
  ])
  const value = (tag) => entries.find(([found]) => found === tag)?.[1]
  const stringsAddress = value(5)
  const segment = segments.find(({ type, address, size }) => type === 1 && stringsAddress >= address && stringsAddress < address + size)
  const strings = read(segment.offset + stringsAddress - segment.address, value(10))
  return entries.filter(([tag]) => tag === 1).map(([, at]) => text(strings, at))
}

function text(bytes, from) {
  return bytes.toString('latin1', from, bytes.indexOf(0, from))
}
