import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { fromBase64Url, toBase64Url } from '@holt/core/bytes.ts'
import { cidToText } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { decodeArchive, encodeArchive, type ProgramPackage } from '@holt/core/package/archive.ts'
import { manifestCid, encodeManifest } from '@holt/core/package/manifest.ts'
import { decodeSignature } from '@holt/core/package/signature.ts'
import { versionToText } from '@holt/core/package/version.ts'
import { principalToText } from '@holt/core/principal.ts'
import type { Command } from '../command.ts'
import { readPackageFile, writePackageFile } from '../program/package-file.ts'
import { buildProject, PROJECT_FILE } from '../program/project.ts'
import { templateCalled, templates } from '../program/templates.ts'

const begin: Command = {
  name: 'program new',
  summary: 'Begins a program: makes a folder with what one needs',
  arguments: [{ name: 'FOLDER', complete: 'local' }],
  options: {
    template: { type: 'text', value: 'NAME', help: 'javascript (default), typescript or c', complete: Object.keys(templates) },
    title: { type: 'text', value: 'TEXT', help: 'the name that people see (default: that of the folder)' },
  },
  details: ['The author it names is you, by a key that follows from your 24 words; so the node must be running.'],
  examples: [{ line: 'holt program new visitor-book', does: 'makes visitor-book/program.json and visitor-book/main.js' }],
  run: async (call) => {
    const folder = resolve(call.terminal.currentFolder, call.arguments[0] as string)
    const name = basename(folder)
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 32)
      throw new HoltError('INPUT_INVALID', `'${name}' is no name of a program: small letters, digits and single hyphens, 32 at most`, {
        field: 'FOLDER',
      })
    const template = templateCalled(call.text('template') ?? 'javascript')
    const { author } = await call.ask('programs.author', {})
    const files = template({ name, title: call.text('title') ?? titleOf(name), author })
    await makeEmptyFolder(folder)
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text, { flag: 'wx' })
    return { json: { folder, files: Object.keys(files) }, report: [`${folder} has ${Object.keys(files).join(' and ')}.`] }
  },
}

const build: Command = {
  name: 'program build',
  summary: 'Makes a package of a program, not signed yet',
  arguments: [{ name: 'FOLDER', optional: true, complete: 'local' }],
  options: { output: { type: 'text', short: 'o', value: 'FILE', help: 'default: NAME-VERSION.holt in the folder', complete: 'local' } },
  details: [
    `${PROJECT_FILE} in the folder says what goes in (docs/package-format.md). The same folder gives the same package with the same CID, wherever it is built.`,
    'When it names no author, that is you, and the node must be running.',
    'A main file in JavaScript or TypeScript becomes one script, with all that it imports, by esbuild; one that ends with .wasm goes in as it is.',
    'One in C becomes WebAssembly, with all files in C beside it, by clang: `apt-get install clang lld wasi-libc libclang-rt-dev-wasm32`.',
  ],
  examples: [
    { line: 'holt program build', does: 'makes a package of the folder you are in' },
    { line: 'holt program build visitor-book -o book.holt', does: 'of another one, into book.holt' },
  ],
  run: async (call) => {
    const folder = resolve(call.terminal.currentFolder, call.arguments[0] ?? '.')
    const { manifest, files } = await buildProject(folder, async () => (await call.ask('programs.author', {})).author)
    const output = call.text('output')
    const file =
      output === undefined
        ? join(folder, `${manifest.name}-${versionToText(manifest.version)}.holt`)
        : resolve(call.terminal.currentFolder, output)
    await writePackageFile(file, encodeArchive(manifest, { files }))
    const cid = cidToText(manifestCid(encodeManifest(manifest)))
    const shown = relative(call.terminal.currentFolder, file)
    return { json: { file, cid }, lines: [cid], report: [`${shown} is not signed yet: holt program sign ${shown}`] }
  },
}

const sign: Command = {
  name: 'program sign',
  summary: 'Signs a package as its author',
  arguments: [{ name: 'FILE', complete: 'local' }],
  options: {
    'hand-over': { type: 'text', many: true, value: 'TEXT', help: 'by which an earlier author handed the program over; the oldest first' },
  },
  details: [
    'The package must name you as its author. The file is replaced by one with the signature; its CID stays the same.',
    'The key follows from your 24 words: packages can be signed as long as you have these.',
  ],
  examples: [{ line: 'holt program sign visitor-book-0.1.0.holt', does: 'others can now tell that it comes from you' }],
  run: async (call) => {
    const { path, bytes } = await readPackageFile(call.arguments[0] as string, call.terminal.currentFolder)
    const read = decodeArchive(bytes)
    const { signature } = await call.ask('programs.sign', {
      manifest: toBase64Url(encodeManifest(read.manifest)),
      handOvers: [...call.texts('hand-over')],
    })
    const block = fromBase64Url(signature)
    if (block === null) throw new HoltError('MALFORMED', 'the node gave no signature')
    await writePackageFile(path, encodeArchive(read.manifest, { files: filesOf(read), signature: decodeSignature(block) }))
    const json = { file: path, cid: cidToText(read.cid), author: principalToText(read.manifest.author) }
    return { json, report: [`${path} is signed.`] }
  },
}

const handOver: Command = {
  name: 'program hand-over',
  summary: 'Lets another author sign the next versions of a program of yours',
  arguments: [{ name: 'NAME' }, { name: 'AUTHOR' }],
  options: {},
  details: [
    'AUTHOR is shown by `holt program author` there. What is printed goes to `holt program sign --hand-over`; nodes that have installed a version signed with it take none from you any more.',
  ],
  examples: [{ line: 'holt program hand-over visitor-book 12D3KooW…', does: 'prints a text for the next author' }],
  run: async (call) => {
    const [program = '', to = ''] = call.arguments
    const { handOver } = await call.ask('programs.handOver', { program, to })
    return { json: { program, to, handOver }, lines: [handOver] }
  },
}

const author: Command = {
  name: 'program author',
  summary: 'Shows by which name you sign programs',
  arguments: [],
  options: {},
  examples: [{ line: 'holt program author', does: `prints what ${PROJECT_FILE} has as author` }],
  run: async (call) => {
    const { author } = await call.ask('programs.author', {})
    return { json: { author }, lines: [author] }
  },
}

function titleOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`
}

function filesOf(read: ProgramPackage): Map<string, Uint8Array> {
  return new Map(read.manifest.files.map(({ path }) => [path, read.file(path)]))
}

async function makeEmptyFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) throw new HoltError('ALREADY_EXISTS', `${folder} is not empty`, { path: folder })
  } catch (cause) {
    if (cause instanceof HoltError) throw cause
    throw new HoltError('IO_FAILED', (cause as Error).message, { path: folder }, { cause })
  }
}

export const programCommands: readonly Command[] = [begin, build, sign, handOver, author]
