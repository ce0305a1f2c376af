import { Lexer } from 'marked'

/** Takes Markdown apart beside the page: a text made to take forever is ended from outside. Nothing here makes HTML. */

interface WorkerScope {
  addEventListener(kind: 'message', listener: (event: { data: string }) => void): void
  postMessage(answer: unknown): void
}

const worker = self as unknown as WorkerScope

worker.addEventListener('message', ({ data }) => {
  worker.postMessage([...new Lexer({ gfm: true, async: false }).lex(data)])
})
