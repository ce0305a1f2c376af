/** Thin: all they do is hand the words to `holt __complete` and its answers to the shell. */
export const completionScripts = {
  bash: `# bash completion for holt
_holt() {
  local line words=() word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    word=\${word//\\\\/}
    words+=("\${word#[\\"\\']}")
  done
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :local) compopt -o default ;;
      :folder) compopt -o dirnames ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <(holt __complete -- "\${words[@]}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -gt 0 ]]; then compopt -o filenames; fi
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]]; then compopt -o nospace; fi
}
complete -F _holt holt
`,
  zsh: `#compdef holt
# zsh completion for holt
_holt() {
  local -a typed found directories
  local line
  typed=("\${(@Q)words[2,CURRENT]}")
  for line in "\${(@f)$(holt __complete -- "\${typed[@]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :local) _files ;;
      :folder) _files -/ ;;
      */) directories+=("$line") ;;
      *) found+=("$line") ;;
    esac
  done
  (( \${#found} )) && compadd -- "\${found[@]}"
  (( \${#directories} )) && compadd -S '' -- "\${directories[@]}"
}
if [[ \${funcstack[1]} == _holt ]]; then _holt "$@"; else compdef _holt holt; fi
`,
  fish: `# fish completion for holt
function __holt_complete
  set -l typed (commandline -opc)[2..-1] (commandline -ct)
  for line in (holt __complete -- $typed 2>/dev/null)
    switch $line
      case :local
        __fish_complete_path (commandline -ct)
      case :folder
        __fish_complete_directories (commandline -ct) ''
      case '*'
        echo $line
    end
  end
end
complete -c holt -f -a '(__holt_complete)'
`,
} as const
