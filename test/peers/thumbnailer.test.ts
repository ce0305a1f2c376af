import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { compileC } from '@holt/cli/program/compile-c.ts'
import type { ProgramGrant } from '@holt/control/programs.ts'
import type { WishedPower } from '@holt/core/package/powers.ts'
import { bodyOf } from '@holt/node/node-world.ts'
import { cagedWorld } from './relays.ts'
import { repositoryRoot, until } from './harness.ts'

// The program that comes with Holt, on photos as cameras write them, through a real node and the real cage.

const folder = join(repositoryRoot, 'services/programs/thumbnailer')
const signal = new AbortController().signal

function ffmpeg(...line: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...line], { maxBuffer: 1 << 28 })
  assert.equal(status, 0, String(stderr))
  return stdout
}

/** How far the colours of two pictures are from each other, of 255, when the second one is made as small as the first. */
function apart(small: string, photo: string, [width, height]: readonly number[], turn = ''): number {
  const pixels = (path: string, filter: string): Buffer =>
    ffmpeg('-i', path, '-vf', `${filter}null`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-')
  const there = pixels(photo, `${turn}scale=${width}:${height}:flags=area,`)
  const here = pixels(small, '')
  assert.equal(here.length, there.length)
  return here.reduce((sum, value, index) => sum + Math.abs(value - (there[index] as number)), 0) / here.length
}

function photo(path: string, size: string, pixels: string): Promise<Buffer> {
  ffmpeg('-f', 'lavfi', '-i', `testsrc=s=${size}`, '-frames:v', '1', '-q:v', '2', '-pix_fmt', pixels, path)
  return readFile(path)
}

/** Says that the camera was held on its side: the right of the picture is the top. */
function turned(jpeg: Buffer): Buffer {
  const directory = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
  const exif = [...Buffer.from('Exif\0\0MM\0*'), 0, 0, 0, 8, ...directory]
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, exif.length + 2, ...exif]), jpeg.subarray(2)])
}

function visit(port: number, path: string, method = 'GET'): Promise<{ status: number; type: string; bytes: Buffer }> {
  return new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type']), bytes: Buffer.concat(parts) }),
      )
    })
      .on('error', reject)
      .end(),
  )
}

async function scratch(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'holt-photos-'))
  t.after(() => rm(path, { recursive: true }))
  return path
}

test('the maker of small pictures reads photos as cameras write them, shows them small, and looks after them as photos come and go', async (t) => {
  const files = await scratch(t)
  const world = await cagedWorld(t)
  const put = (path: string, bytes: Uint8Array) => world.node.files.write(path, bodyOf(bytes), { signal, replace: true })
  await world.call('files.mkdir', { path: '/photos/2026/summer & sea', parents: true })
  const large = await photo(join(files, 'large.jpg'), '4000x3000', 'yuvj420p')
  await put('/photos/2026/summer & sea/large.JPG', large)
  await put('/photos/wide.jpeg', await photo(join(files, 'wide.jpg'), '900x300', 'yuvj422p'))
  await put('/photos/turned.jpg', turned(await photo(join(files, 'turned.jpg'), '640x480', 'yuvj444p')))
  await put('/photos/tiny.jpg', await photo(join(files, 'tiny.jpg'), '20x10', 'yuvj420p'))
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=700x500', '-frames:v', '1', '-pix_fmt', 'rgba', join(files, 'screen.png'))
  await put('/photos/screen.png', await readFile(join(files, 'screen.png')))
  const progressive = Buffer.from(large)
  progressive[progressive.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc2
  await put('/photos/progressive.jpg', progressive)
  await put('/photos/short.jpg', large.subarray(0, large.length / 2))
  await put('/photos/none.jpg', Buffer.from('no picture'))
  await put('/photos/notes.txt', Buffer.from('no photo'))

  const manifest = JSON.parse(await readFile(join(folder, 'program.json'), 'utf8')) as { powers: WishedPower[] }
  const grants: ProgramGrant[] = [
    { kind: 'folder', name: 'pictures', path: '/photos', write: true },
    { kind: 'page', name: 'site', network: false },
  ]
  const archive = await world.package(await compileC(folder, 'main.c'), { name: 'thumbnailer', title: 'Small', powers: manifest.powers })
  const { id, page } = await world.install(archive, grants)
  const port = page?.port ?? 0
  const look = async (): Promise<string> => /<p>([^<]*)/.exec((await visit(port, '/look', 'POST')).bytes.toString())?.[1] ?? ''
  const small = async (path: string) => {
    const { status, type, bytes } = await visit(port, `/small/${path}`)
    assert.deepEqual([status, type], [200, 'image/jpeg'], path)
    await writeFile(join(files, 'small.jpg'), bytes)
    return bytes
  }
  const sizeOf = (jpeg: Buffer): number[] => {
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    return [jpeg.readUInt16BE(frame + 7), jpeg.readUInt16BE(frame + 5)]
  }

  assert.equal(await look(), '5 small pictures made, 3 photos cannot be read: its log says why.')
  assert.deepEqual(sizeOf(await small('2026/summer%20%26%20sea/large.JPG')), [320, 240])
  for (const [path, size, from, most] of [
    ['2026/summer%20%26%20sea/large.JPG', [320, 240], 'large.jpg', 5],
    ['wide.jpeg', [320, 106], 'wide.jpg', 5],
    ['screen.png', [320, 228], 'screen.png', 5],
    ['tiny.jpg', [20, 10], 'tiny.jpg', 15], // its colours are those of two pixels each
  ] as const) {
    assert.deepEqual(sizeOf(await small(path)), size, path)
    const far = apart(join(files, 'small.jpg'), join(files, from), size)
    assert.ok(far < most, `${path} is ${far} from its photo`)
  }
  assert.deepEqual(sizeOf(await small('turned.jpg')), [240, 320])
  const far = apart(join(files, 'small.jpg'), join(files, 'turned.jpg'), [240, 320], 'transpose=clock,')
  assert.ok(far < 5, `${far}: it does not stand upright`)
  const list = (await visit(port, '/')).bytes.toString()
  assert.ok(list.includes('src="/small/2026/summer%20%26%20sea/large.JPG" alt="2026/summer &#38; sea/large.JPG"'), list)
  const log = (await world.call('programs.logs', { id })).lines.map(({ text }) => text)
  for (const line of ['progressive.jpg: it is a progressive JPEG', 'short.jpg: it is cut short', 'none.jpg: it is no JPEG'])
    assert.ok(log.includes(line), log.join('\n'))

  assert.equal(await look(), '0 small pictures made.', 'nothing is done twice')
  await put('/photos/short.jpg', await readFile(join(files, 'wide.jpg')))
  await world.call('files.remove', { paths: ['/photos/2026', '/photos/tiny.jpg'], recursive: true })
  assert.equal(await look(), '1 small pictures made, 2 removed.')
  const names = (await world.call('files.list', { path: '/photos/.thumbnails' })).entries.map(({ name }) => name)
  assert.deepEqual(names, ['screen.png', 'short.jpg', 'turned.jpg', 'wide.jpeg'])
  for (const path of [
    '/small/..%2fwide.jpeg',
    '/small/a%2f..%2f..%2fwide.jpeg',
    '/small//photos/wide.jpeg',
    '/small/none.jpg',
    '/small/%zz.jpg',
    '/small/%',
  ])
    assert.equal((await visit(port, path)).status, 404, path)

  await world.call('files.mkdir', { path: '/photos/many' })
  for (let index = 10; index < 24; index++) await put(`/photos/many/${index}.jpg`, await readFile(join(files, 'tiny.jpg')))
  assert.equal(await look(), '12 small pictures made; there are more.', 'a delivery has an end')
  assert.equal(await look(), '2 small pictures made.', 'and the next goes on there')

  await put('/photos/later.jpg', await readFile(join(files, 'wide.jpg')))
  await world.call('programs.grant', { id, grant: { kind: 'alarms', name: 'wake' } })
  await until('it woke up and looked', async () => (await visit(port, '/small/later.jpg')).status === 200)
})
