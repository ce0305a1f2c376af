import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes a folder as the archive (cpio "newc") that Linux unpacks as its first root: all root's, times zero, names in
 * order, so that the same folder gives the same bytes.
 */
export function writeCpio(folder, output) {
  const file = openSync(output, 'w')
  let inode = 1
  const put = (name, mode, content) => {
    const fields = [inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0]
    const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`
    writeSync(file, Buffer.concat([padded(Buffer.from(head, 'latin1')), padded(content)]))
  }
  const visit = (path, name) => {
    const stat = lstatSync(path)
    if (stat.isSymbolicLink()) return put(name, 0o120777, Buffer.from(readlinkSync(path)))
    if (!stat.isDirectory()) return put(name, 0o100000 | (stat.mode & 0o777), readFileSync(path))
    if (name !== '') put(name, 0o040755, Buffer.alloc(0))
    for (const entry of readdirSync(path).sort()) visit(join(path, entry), name === '' ? entry : `${name}/${entry}`)
  }
  visit(folder, '')
  put('TRAILER!!!', 0, Buffer.alloc(0))
  closeSync(file)
}

function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
