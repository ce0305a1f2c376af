import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { compareBytes, utf8 } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { partsOf } from '@holt/core/package/archive.ts'
import { encodeManifest, type Manifest, MAX_PACKAGE_BYTES, MOST_FILES } from '@holt/core/package/manifest.ts'
import { versionFromText } from '@holt/core/package/version.ts'
import { principalFromText } from '@holt/core/principal.ts'
import { bundle } from './bundle.ts'
import { compileC } from './compile-c.ts'

export const PROJECT_FILE = 'program.json'
/** Far more than any needs; a folder given by mistake is noticed before it is read. */
const MAX_PROJECT_FILE_BYTES = 256 << 10

/** What `program.json` says beside what the manifest has as it is. */
interface ProjectFile {
  version: string
  author?: string
  main: string
  pages?: string
  icon?: string
  /** Files and folders beside these that go along. */
  files?: string[]
  [field: string]: unknown
}

export interface BuiltProject {
  manifest: Manifest
  files: Map<string, Uint8Array>
}

/**
 * Makes a program's manifest and files of its folder: the same folder gives the same, on every machine and at any time.
 *
 * @param whoBuilds is asked when the project names no author.
 * @throws HoltError NOT_FOUND; INPUT_INVALID for what no manifest can be of; TOO_LARGE; DEPENDENCY_MISSING where there is no esbuild, or no compiler for C.
 */
export async function buildProject(folder: string, whoBuilds: () => Promise<string>): Promise<BuiltProject> {
  const { version, author, main, files: extra = [], ...rest } = await readProjectFile(folder)
  const isC = main.endsWith('.c')
  const isWasm = isC || main.endsWith('.wasm')
  if (!isWasm && !/\.[jt]s$/.test(main)) throw invalid(`${PROJECT_FILE}: 'main' is neither .js, .ts, .c nor .wasm`, 'main')
  const source = await readInside(folder, main)
  const files = new Map<string, Uint8Array>()
  const mainPath = main.replace(/\.ts$/, '.js').replace(/\.c$/, '.wasm')
  files.set(mainPath, isC ? await compileC(folder, main) : isWasm ? source : await bundle(folder, main))
  for (const path of [rest.pages, rest.icon, ...extra]) if (path !== undefined) await addAll(files, folder, path)
  const sorted = new Map([...files].sort(([a], [b]) => compareBytes(utf8(a), utf8(b))))
  const manifest = {
    v: 1,
    kind: 'program',
    about: rest['title'],
    powers: [],
    limits: {},
    ...rest,
    version: versionFromText(version),
    author: principalFromText(author ?? (await whoBuilds())),
    code: isWasm ? 'wasm' : 'javascript',
    main: mainPath,
    files: [...sorted].map(([path, content]) => ({ path, size: content.length, parts: partsOf(content) })),
  } as unknown as Manifest
  checkManifest(manifest)
  return { manifest, files: sorted }
}

async function readProjectFile(folder: string): Promise<ProjectFile> {
  const text = new TextDecoder().decode(await readInside(folder, PROJECT_FILE, MAX_PROJECT_FILE_BYTES))
  let project: unknown
  try {
    project = JSON.parse(text)
  } catch (cause) {
    throw invalid(`${PROJECT_FILE} is no JSON: ${(cause as Error).message}`, PROJECT_FILE, cause)
  }
  if (typeof project !== 'object' || project === null || Array.isArray(project)) throw invalid(`${PROJECT_FILE} is no object`, PROJECT_FILE)
  const fields = project as Record<string, unknown>
  for (const name of ['version', 'main']) if (typeof fields[name] !== 'string') throw invalid(`${PROJECT_FILE}: '${name}' is missing`, name)
  for (const name of ['author', 'pages', 'icon'])
    if (fields[name] !== undefined && typeof fields[name] !== 'string') throw invalid(`${PROJECT_FILE}: '${name}' is no text`, name)
  const { files } = fields
  if (files !== undefined && !(Array.isArray(files) && files.every((path) => typeof path === 'string')))
    throw invalid(`${PROJECT_FILE}: 'files' is no list of paths`, 'files')
  return fields as ProjectFile
}

/** What is wrong in the manifest is wrong in the file that it was made of. */
function checkManifest(manifest: Manifest): void {
  try {
    encodeManifest(manifest)
  } catch (error) {
    if (isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION'))
      throw invalid(`${PROJECT_FILE}: ${error.message}`, String(error.data['field'] ?? ''), error)
    throw error
  }
}

async function addAll(files: Map<string, Uint8Array>, folder: string, path: string): Promise<void> {
  const found = await stat(inside(folder, path)).catch(() => null)
  if (found === null) throw new HoltError('NOT_FOUND', `${path} is not in ${folder}`, { path })
  if (!found.isDirectory()) return add(files, folder, path)
  const entries = await readdir(inside(folder, path), { withFileTypes: true })
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    if (entry.isDirectory()) await addAll(files, folder, `${path}/${entry.name}`)
    else if (entry.isFile()) await add(files, folder, `${path}/${entry.name}`)
    else throw invalid(`${path}/${entry.name} is neither a file nor a folder`, 'files')
  }
}

async function add(files: Map<string, Uint8Array>, folder: string, path: string): Promise<void> {
  if (files.has(path)) return
  files.set(path, await readInside(folder, path))
  if (files.size > MOST_FILES) throw new HoltError('TOO_LARGE', `a package holds at most ${MOST_FILES} files`, { files: files.size })
  let bytes = 0
  for (const content of files.values()) bytes += content.length
  if (bytes > MAX_PACKAGE_BYTES) throw new HoltError('TOO_LARGE', `a package holds at most ${MAX_PACKAGE_BYTES} bytes`, { bytes })
}

function inside(folder: string, path: string): string {
  const full = resolve(folder, path)
  if (!full.startsWith(resolve(folder) + sep)) throw invalid(`${path} is outside of the program's folder`, 'files')
  return full
}

async function readInside(folder: string, path: string, most = MAX_PACKAGE_BYTES): Promise<Uint8Array> {
  const full = inside(folder, path)
  const found = await stat(full).catch(() => null)
  if (found === null || !found.isFile()) throw new HoltError('NOT_FOUND', `there is no file ${join(folder, path)}`, { path })
  if (found.size > most) throw new HoltError('TOO_LARGE', `${path} is too large`, { path, bytes: found.size })
  return new Uint8Array(await readFile(full))
}

function invalid(message: string, field: string, cause?: unknown): HoltError {
  return new HoltError('INPUT_INVALID', message, { field }, { cause })
}
