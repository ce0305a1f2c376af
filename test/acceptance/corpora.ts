import { existsSync } from 'node:fs'
import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../peers/harness.ts'
import { ok } from './command.ts'
import { unpackKernelSource } from './kernel-source.ts'
import { makeMedia } from './media.ts'

/** A folder that is put, and must come back as it was. */
export interface Corpus {
  name: string
  folder: string
  files: number
  directories: number
  symlinks: number
  bytes: number
}

/** Fewer, and it is not the tree that is meant. */
const SOURCE_FILES = 60_000
/** Of the real thing; smaller scales take so many of them. */
const SOURCE_ENTRIES = 80_000
const SHARE_ENTRIES = 55_000

/**
 * Makes (or finds again) below `folder`: a source tree, photos and videos, and what the machine has in /usr/share.
 *
 * @param scale 1: a Linux source tree of over 60,000 files, more than 1 GiB of photos and videos, all of /usr/share. Less: the same
 * with that part of it, and for the source tree what npm installed into this checkout, so that nothing is fetched.
 */
export async function makeCorpora(folder: string, scale: number): Promise<Corpus[]> {
  const makers: [name: string, make: (target: string) => Promise<void>][] = [
    ['source', (target) => makeSource(target, scale)],
    ['media', (target) => makeMedia(target, scale)],
    // a copy: while this runs, packages may be installed on the machine
    ['share', (target) => copyPart('/usr/share', target, scale < 1 ? SHARE_ENTRIES * scale : Number.POSITIVE_INFINITY)],
  ]
  const corpora: Corpus[] = []
  for (const [name, make] of makers) {
    const target = join(folder, name)
    const whole = join(folder, `${name} is whole at ${scale}`)
    if (!existsSync(whole)) {
      await ok('rm', ['-rf', target])
      await mkdir(target, { recursive: true })
      await make(target)
      await mkdir(join(target, 'an empty directory'))
      await writeFile(whole, '')
    }
    corpora.push(await measured(name, target))
  }
  if (scale >= 1 && (corpora[0]?.files ?? 0) < SOURCE_FILES) throw new Error(`the source tree has fewer than ${SOURCE_FILES} files`)
  return corpora
}

async function makeSource(target: string, scale: number): Promise<void> {
  if (scale >= 1) await unpackKernelSource(target)
  else await copyPart(join(repositoryRoot, 'node_modules'), target, SOURCE_ENTRIES * scale)
}

/** Copies the first so many entries of a tree, with all that belongs to them: parents come before what is in them. */
async function copyPart(from: string, to: string, entries: number): Promise<void> {
  if (!existsSync(from)) throw new Error(`${from} is not there`)
  const list = Number.isFinite(entries) ? `find . -print0 | head -zn ${Math.ceil(entries)}` : 'find . -print0'
  const pack = `${list} | tar --format=posix --null --no-recursion -T - -cf -`
  await ok('bash', ['-euc', `cd "$1" && ${pack} | tar -xpf - -C "$2"`, 'bash', from, to])
}

async function measured(name: string, folder: string): Promise<Corpus> {
  const corpus: Corpus = { name, folder, files: 0, directories: 1, symlinks: 0, bytes: 0 }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) corpus.directories++
    else if (entry.isSymbolicLink()) corpus.symlinks++
    else {
      corpus.files++
      corpus.bytes += (await lstat(join(entry.parentPath, entry.name))).size
    }
  }
  return corpus
}
