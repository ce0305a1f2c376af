import type { Refusal } from '../api/request.ts'
import { texts } from './texts.ts'

/** What a person is told. */
export function refusalText({ code, data, message }: Pick<Refusal, 'code' | 'message' | 'data'>): string {
  const words = texts.refusals
  if (code === 'TOO_MANY_TRIES') return words.tooManyTries(Number(data['retryAfterMs'] ?? 60_000) / 1000)
  if (code === 'SETUP_CODE_WRONG' && data['triesLeft'] === 0) return words.codeUsedUp
  if (code === 'WORDS_INVALID') return typeof data['position'] === 'number' ? words.wordWrong(data['position']) : words.wordsWrong
  if (code === 'CONFLICT' && data['job'] !== undefined) return words.jobRuns
  const codes: Partial<Record<string, string>> = words.codes
  return codes[code] ?? words.other(message)
}
