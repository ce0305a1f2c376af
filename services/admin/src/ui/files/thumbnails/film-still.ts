/** How long a film keeps others from their turn. */
const PATIENCE_MS = 40_000
const STILL_PX = 400

/**
 * What a film shows shortly after its beginning.
 *
 * @returns null when this browser cannot play it
 * @throws the signal's reason, or a `TimeoutError` when the film did not come in time: another time it may
 */
export async function filmStill(url: string, signal: AbortSignal): Promise<ImageBitmap | null> {
  const video = document.createElement('video')
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
  try {
    video.muted = true
    video.preload = 'auto'
    video.src = url
    await event(video, 'loadeddata', patience)
    if (Number.isFinite(video.duration) && video.duration > 0) {
      video.currentTime = Math.min(1, video.duration / 4)
      await event(video, 'seeked', patience)
    }
    if (video.videoWidth === 0) return null
    const scale = Math.min(1, STILL_PX / Math.max(video.videoWidth, video.videoHeight))
    return await createImageBitmap(video, {
      resizeWidth: Math.max(1, Math.round(video.videoWidth * scale)),
      resizeHeight: Math.max(1, Math.round(video.videoHeight * scale)),
      resizeQuality: 'high',
    })
  } catch {
    patience.throwIfAborted()
    return null
  } finally {
    video.removeAttribute('src')
    video.load() // lets go of what was being read
  }
}

function event(video: HTMLVideoElement, kind: 'loadeddata' | 'seeked', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('no picture of this film'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    video.addEventListener('error', stop, { once: true })
    video.addEventListener(kind, () => resolve(), { once: true })
  })
}
