import { HoltError } from '@holt/core/errors.ts'
import type { Command } from '../command.ts'
import { type Candidates, completeWords } from '../complete-words.ts'
import { completionScripts } from '../completion-scripts.ts'

export const completionCommand: Command = {
  name: 'completion',
  summary: 'Prints the completion of commands, options and paths for a shell',
  arguments: [{ name: 'SHELL', complete: ['bash', 'zsh', 'fish'] }],
  options: {},
  examples: [
    { line: 'holt completion bash > ~/.local/share/bash-completion/completions/holt', does: 'for bash' },
    { line: 'holt completion zsh > ~/.zfunc/_holt', does: 'for zsh, with ~/.zfunc in fpath' },
    { line: 'holt completion fish > ~/.config/fish/completions/holt.fish', does: 'for fish' },
  ],
  run: async ({ arguments: [shell] }) => {
    if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
      throw new HoltError('INPUT_INVALID', `there is completion for bash, zsh and fish, not for '${shell}'`)
    return { json: { shell, script: completionScripts[shell] }, lines: completionScripts[shell].trimEnd().split('\n') }
  },
}

/** What the scripts call; not shown in help. The words typed so far stand after `--`, the last is being completed. */
export function completeCommand(commands: () => readonly Command[]): Command {
  return {
    name: '__complete',
    summary: 'Prints what may stand in the place of the last word',
    arguments: [{ name: 'WORD', optional: true, many: true }],
    options: {},
    examples: [],
    run: async (call) => {
      let found: Candidates
      try {
        found = await completeWords(call, commands(), call.arguments)
      } catch {
        // Without a node, or with a broken line, there is nothing to offer and nobody to tell.
        found = { words: [], local: null }
      }
      return { json: found, lines: [...(found.local === null ? [] : [`:${found.local}`]), ...found.words] }
    },
  }
}
