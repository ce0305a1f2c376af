import { mkdir, open, readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { ok } from './command.ts'
import { withExif } from './exif.ts'

/** Pixels and how much noise: 1 to 12 MB each, as cameras of different years make them. */
const cameras = [
  { name: 'old phone', size: '1600x1200', noise: 18 },
  { name: 'phone', size: '3264x2448', noise: 14 },
  { name: 'camera', size: '4000x3000', noise: 20 },
  { name: 'good camera', size: '4608x3456', noise: 28 },
]
const PHOTOS_EACH = 32
const clips = [
  { name: 'birthday.mp4', size: '1280x720', seconds: 4 },
  { name: 'lake.mp4', size: '1920x1080', seconds: 5 },
  { name: 'the whole play.mp4', size: '1920x1080', seconds: 9 },
]

/** Photos by year and month with EXIF dates, and videos with sound; nothing in them can be compressed much. Made by ffmpeg. */
export async function makeMedia(folder: string, scale: number): Promise<void> {
  for (const [index, { name, size, noise }] of cameras.entries()) {
    const album = join(folder, `${2012 + 3 * index}`, name)
    await mkdir(album, { recursive: true })
    const source = `testsrc2=size=${size}:rate=1,noise=alls=${noise}:allf=t:all_seed=${index + 1}`
    const frames = String(Math.max(2, Math.round(PHOTOS_EACH * scale)))
    await ffmpeg(['-f', 'lavfi', '-i', source, '-frames:v', frames, '-q:v', '3', join(album, 'IMG_%04d.jpg')])
    for (const [number, photo] of (await readdir(album)).sort().entries()) {
      await datePhoto(join(album, photo), new Date(Date.UTC(2012 + 3 * index, number % 12, 1 + number, 14, 7, number, 137)))
    }
  }
  const videos = join(folder, 'Videos')
  await mkdir(videos)
  for (const { name, size, seconds } of clips) {
    const picture = `testsrc2=size=${size}:rate=25,noise=alls=24:allf=t`
    const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', 'sine=frequency=330']
    const length = String(Math.max(0.4, seconds * scale))
    await ffmpeg([...inputs, '-t', length, '-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'aac', join(videos, name)])
  }
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await ok('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args])
}

/** Says in the photo when it was taken, and makes its file of that time. */
async function datePhoto(path: string, taken: Date): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const dated = withExif(await file.readFile(), taken)
    await file.write(dated, 0, dated.length, 0)
  } finally {
    await file.close()
  }
  await utimes(path, taken, taken)
}
