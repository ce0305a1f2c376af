import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail, root } from '../../scripts/common.mjs'
import { step, tool } from './steps.mjs'

const strips = { amd64: 'x86_64-linux-gnu-strip', arm64: 'aarch64-linux-gnu-strip' }

/** npm's Node for the image, pinned by version and hash, without its symbols. npm's own cache keeps the download. */
export async function nodeBinary({ arch, cache }) {
  const { version, packages } = JSON.parse(readFileSync(join(root, 'image/pins.json'), 'utf8')).node
  const binary = join(cache, `node-${arch}`)
  await step({
    name: `Node ${version} (${arch})`,
    inputs: [version, packages[arch].integrity],
    outputs: [binary],
    work: () => {
      const folder = mkdtempSync(join(tmpdir(), 'holt-node-'))
      try {
        const archive = fetchPackage(`${packages[arch].name}@${version}`, packages[arch].integrity, folder)
        tool('tar', ['-xzf', archive, '-C', folder, 'package/bin/node'])
        tool(strips[arch], ['-o', binary, join(folder, 'package/bin/node')])
        chmodSync(binary, 0o755)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  })
  return binary
}

/** Fetches one npm package as it is published, for whatever platform it is. @returns the archive. */
export function fetchPackage(name, integrity, folder) {
  mkdirSync(folder, { recursive: true })
  const [{ filename }] = JSON.parse(
    tool('npm', ['pack', name, '--json', '--silent', '--pack-destination', folder], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  const archive = join(folder, filename)
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (found !== integrity) fail(`${name} is not what image/pins.json says: ${found}`)
  return archive
}
