// `npm run image -- --board NAME`: the release image, by Buildroot. Hours the first time; what was built stays in build/.
//   --check          everything that can be verified without downloads; with BUILDROOT_DIR=…, also by that Buildroot itself
//   --mirror FOLDER  offline: sources come from FOLDER/<package>/<file> and from nowhere else; hashes are checked as ever
//   --download       only fetch all sources (into build/release/downloads, which serves as a mirror afterwards)
//   --hashes, --symbols   write the files that are generated from image/pins.json, and from BUILDROOT_DIR
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkBoard } from '../image/release/check.mjs'
import { boards } from '../image/release/defconfig.mjs'
import { hashFiles, readPins } from '../image/release/hashes.mjs'
import { sourceProblems } from '../image/release/source-check.mjs'
import { SYMBOL_LIST, symbolListText, symbolsDefinedIn } from '../image/release/symbols.mjs'
import { fail, root } from './common.mjs'

const { values } = parseArgs({
  options: {
    board: { type: 'string' },
    check: { type: 'boolean' },
    mirror: { type: 'string' },
    download: { type: 'boolean' },
    hashes: { type: 'boolean' },
    symbols: { type: 'boolean' },
  },
})
const source = process.env.BUILDROOT_DIR ? resolve(process.env.BUILDROOT_DIR) : null

if (values.hashes) writeHashes()
else if (values.symbols) writeSymbols()
else if (values.check) check(values.board === undefined ? boards() : [known(values.board)])
else {
  const { buildImage } = await import('../image/release/build.mjs')
  await buildImage({
    board: known(values.board),
    source,
    mirror: values.mirror && resolve(values.mirror),
    downloadOnly: values.download === true,
  })
}

function known(board) {
  if (!boards().includes(board)) fail(`--board is one of: ${boards().join(', ')}`)
  return board
}

function writeHashes() {
  for (const [path, text] of Object.entries(hashFiles())) {
    writeFileSync(join(root, path), text)
    console.log(path)
  }
}

function writeSymbols() {
  if (source === null) fail('BUILDROOT_DIR names no Buildroot source folder')
  writeFileSync(join(root, SYMBOL_LIST), symbolListText(symbolsDefinedIn(source), readPins().buildroot))
  console.log(SYMBOL_LIST)
}

function check(wanted) {
  let failed = 0
  for (const board of wanted) {
    console.log(board)
    const results = checkBoard(board)
    if (source !== null) results.push({ name: 'Buildroot', problems: askBuildroot(board) })
    for (const { name, problems } of results) {
      console.log(`  ${problems.length === 0 ? 'good  ' : 'WRONG '} ${name}`)
      for (const problem of problems) console.log(`         ${problem}`)
      failed += problems.length
    }
    if (source === null) console.log("  not asked: Buildroot's own defconfig (BUILDROOT_DIR names no source folder)")
  }
  process.exitCode = failed === 0 ? 0 : 1
}

function askBuildroot(board) {
  const output = join(root, 'build/release/check', board)
  mkdirSync(output, { recursive: true })
  try {
    return sourceProblems(board, source, output)
  } catch (error) {
    return [error.message]
  }
}
