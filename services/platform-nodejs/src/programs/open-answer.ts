import type { ServerResponse } from 'node:http'
import { type Line, lineEnds, type LineEvents, type LineTimes, type OpenLine, Unsent } from './page-line.ts'

const LINE_FEED = 10
/** To those who read events a line that begins so says nothing. */
const COMMENT = ':\n'

/** Keeps an answer open whose head was set: server-sent events, or any other body that comes bit by bit. `body` is what it begins with. */
export function keepOpen(response: ServerResponse, open: OpenLine, { times, body }: { times: LineTimes; body: Uint8Array }): void {
  const hasEvents = /^text\/event-stream\b/i.test(String(response.getHeader('content-type') ?? ''))
  let events: LineEvents | null = null
  let end: { code: number; reason: string } = lineEnds.away
  let last = LINE_FEED
  const unsent = new Unsent(() => events?.drained())
  const write = (bytes: Uint8Array): void => {
    if (bytes.length === 0 || response.writableEnded || response.destroyed) return
    last = bytes[bytes.length - 1] as number
    response.write(bytes, unsent.add(bytes.length))
  }
  const cut = (why: { code: number; reason: string }): void => {
    end = why
    response.destroy()
  }
  const line: Line = {
    get waitingBytes() {
      return unsent.bytes
    },
    send: write,
    close: (code, reason) => {
      end = { code, reason }
      response.end()
    },
    pause: () => {},
    resume: () => {},
  }
  const look = (): void => {
    if (unsent.isStuck(times.slowMs)) cut(lineEnds.slow)
    else if (hasEvents && last === LINE_FEED && unsent.bytes === 0)
      // who is gone is found out by it; within a line of the program it would become part of that
      response.write(COMMENT, unsent.add(COMMENT.length))
    else if (!hasEvents && unsent.isIdle(times.idleMs)) cut(lineEnds.idle)
  }
  const looking = setInterval(look, times.lookMs)
  let isOver = false
  const over = (): void => {
    clearInterval(looking)
    if (!isOver) events?.closed(end.code, end.reason)
    isOver = true
  }
  response.once('close', over)
  response.on('error', () => {})
  response.flushHeaders()
  write(body)
  events = open(line)
  if (response.destroyed || response.writableEnded) queueMicrotask(over)
}
