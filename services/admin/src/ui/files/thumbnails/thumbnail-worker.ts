import { pictureSize } from './picture-size.ts'

/** Makes small pictures beside the page, one after the other. What a camera wrote into a picture (where, with what) does not get into the small one. */

export interface ThumbnailJob {
  id: number
  /** Of a picture to load, or what a film shows. */
  source: string | ImageBitmap
}

export interface ThumbnailDone {
  id: number
  /** null: this browser cannot make one of it. */
  blob: Blob | null
}

interface WorkerScope {
  addEventListener(kind: 'message', listener: (event: { data: ThumbnailJob }) => void): void
  postMessage(answer: ThumbnailDone): void
}

const SIDE_PX = 400
const MAX_BYTES = 40 * 1024
/** Larger ones take too much memory on a phone. */
const MAX_FILE_BYTES = 48 * 1024 * 1024
const MAX_PIXELS = 120e6

const worker = self as unknown as WorkerScope
let before: Promise<unknown> = Promise.resolve()

worker.addEventListener('message', ({ data: { id, source } }) => {
  before = before
    .then(() => make(source))
    .then(
      (blob) => worker.postMessage({ id, blob }),
      () => worker.postMessage({ id, blob: null }),
    )
})

async function make(source: ThumbnailJob['source']): Promise<Blob | null> {
  const bitmap = typeof source === 'string' ? await load(source) : source
  if (bitmap === null) return null
  try {
    return await encode(draw(bitmap))
  } finally {
    bitmap.close()
  }
}

async function load(url: string): Promise<ImageBitmap | null> {
  const response = await fetch(url)
  if (!response.ok || Number(response.headers.get('content-length')) > MAX_FILE_BYTES) {
    await response.body?.cancel()
    return null
  }
  const blob = await response.blob()
  const size = pictureSize(new Uint8Array(await blob.slice(0, 256 * 1024).arrayBuffer()))
  if (size !== null && size.width * size.height > MAX_PIXELS) return null
  return createImageBitmap(blob)
}

function draw(bitmap: ImageBitmap): OffscreenCanvas {
  const scale = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)))
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** WebP, or JPEG where the browser writes no WebP; the finer the better, as long as it stays small. */
async function encode(canvas: OffscreenCanvas): Promise<Blob | null> {
  for (const quality of [0.8, 0.6, 0.4, 0.2]) {
    let blob = await canvas.convertToBlob({ type: 'image/webp', quality })
    if (blob.type !== 'image/webp') blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    if (blob.size <= MAX_BYTES && /^image\/(webp|jpeg)$/.test(blob.type)) return blob
  }
  return null
}
