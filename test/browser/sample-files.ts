import { deflateSync } from 'node:zlib'
import { photoWall, sampleIcons, visitorBook } from '@holt/admin/testing/sample-programs.ts'
import type { MemoryNode } from '@holt/admin/testing/memory-node.ts'

/** Files as people have them, with a picture that is one. */
export function fillNode(node: MemoryNode): void {
  const { tree } = node
  const day = 86_400
  const now = Math.floor(Date.now() / 1000)
  for (const path of ['/Photos/2025 Summer', '/Photos/2024', '/Music', '/Letters', '/Films']) tree.makeDirectory(path, true)
  const write = (path: string, bytes: Buffer, age: number): void => void tree.write(path, bytes, { modified: now - age })
  write('/Budget.csv', Buffer.from('month,rent,food\n2025-01,900,310\n'), 3 * day)
  write('/Old budget.csv.bak', Buffer.alloc(18_200), 40 * day)
  write('/House plans.pdf', Buffer.from('%PDF-1.4\n'), 190 * day)
  write(
    '/Read me.md',
    Buffer.from('# Our tree\n\nPhotos are by year, letters by name.\n\n- Films: from the old camera\n- Music: what grandmother played\n'),
    3600,
  )
  write('/Grandmother at the piano.mp3', Buffer.alloc(4_300_000), 800 * day)
  write('/Harbour.mp4', Buffer.alloc(8_100_000), 12 * day)
  write('/backup-2024-11.tar.gz', Buffer.alloc(5_000_000), 370 * day)
  for (const [i, name] of ['Lake at dawn.png', 'Lake at noon.png', 'Wood path.png'].entries())
    write(`/Photos/2025 Summer/${name}`, picture(960, 640, i), (100 + i) * day)
  node.packBytes = 9.1e11
  node.drives = node.drives.map((drive, i) => ({ ...drive, fragmentCount: 21 - (i % 3), fragmentBytes: 2.1e11 + 1.7e10 * (i % 4) }))
}

/** Two programs, of which one was busy. */
export function fillPrograms({ programs }: MemoryNode): void {
  const now = Math.floor(Date.now() / 1000)
  programs.icons = new Map(Object.entries(sampleIcons))
  programs.add({ ...visitorBook, grants: [{ kind: 'page', name: 'site', network: true }], installed: now - 86_400 })
  const pictures = { kind: 'folder' as const, name: 'pictures', path: '/Photos/2025 Summer', write: true }
  programs.add({ ...photoWall, grants: [{ kind: 'page', name: 'wall', network: false }, pictures], installed: now - 3600 })
  const { id } = photoWall
  const use = { program: id, power: 'pictures', code: null }
  programs.use({ ...use, what: 'list', about: '' }, now - 1200)
  for (const name of ['Lake at dawn', 'Lake at noon', 'Wood path']) {
    programs.use({ ...use, what: 'read', about: `${name}.png` }, now - 1100)
    programs.use({ ...use, what: 'write', about: `small/${name}.webp` }, now - 1099)
  }
  programs.use({ ...use, what: 'read', about: '../Budget.csv', code: 'PATH_INVALID' }, now - 600)
  programs.use({ ...use, power: 'weather', what: 'fetch', about: 'https://api.weather.example/lake', code: 'NOT_AUTHORIZED' }, now - 300)
  programs.write(id, 'info', '3 pictures, 3 of them new', now - 1098)
  programs.write(id, 'warn', 'GET /wall: a power was refused: weather (NOT_AUTHORIZED)', now - 300)
}

/** A landscape as PNG: sky, hills, water. */
export function picture(width: number, height: number, seed: number): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width))
  for (let y = 0; y < height; y++) {
    const row = y * (1 + 3 * width)
    for (let x = 0; x < width; x++) {
      const [r, g, b] = colourAt(x / width, y / height, seed)
      rows[row + 1 + 3 * x] = r
      rows[row + 2 + 3 * x] = g
      rows[row + 3 + 3 * x] = b
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function colourAt(x: number, y: number, seed: number): [number, number, number] {
  const hill = (base: number, size: number, speed: number): number =>
    base - size * Math.sin(speed * x + seed) - (size / 2) * Math.sin(2.3 * speed * x + 2 * seed)
  if (y > 0.72) return [60 + 60 * (1 - y), 110 + 40 * (1 - y), 120 + 30 * Math.sin(40 * y)]
  if (y > hill(0.62, 0.05, 5)) return [38, 84, 62]
  if (y > hill(0.5, 0.07, 3.1)) return [86, 132, 106]
  if (y > hill(0.38, 0.06, 4.2)) return [150, 180, 160]
  return [255 - 30 * y * seed, 224 - 60 * (0.4 - y), 190 + 60 * y]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc(body), body.length + 4)
  return framed
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}
