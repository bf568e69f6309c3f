/** Shell scripts of completion: the shell asks the program for the words that may follow. */

/** What yargs answers instead of running a command. */
export const COMPLETION_FLAG = '--get-yargs-completions';

/** Bash cuts words at `=`: behind `--gpu=` the word under the cursor is `=`, and what replaces it is put behind it. */
export const BASH_SCRIPT = `###-begin-delta-sweep-completions-###
# delta-sweep completion >> ~/.bashrc
_delta-sweep_completions() {
  local current="\${COMP_WORDS[COMP_CWORD]}" candidates
  [ "$current" = "=" ] && current=""
  mapfile -t candidates < <(delta-sweep ${COMPLETION_FLAG} "\${COMP_WORDS[@]:0:COMP_CWORD+1}")
  mapfile -t COMPREPLY < <(compgen -W "$(printf '%q ' "\${candidates[@]}")" -- "$current")
}
complete -o bashdefault -o default -F _delta-sweep_completions delta-sweep
###-end-delta-sweep-completions-###`;

export const ZSH_SCRIPT = `#compdef delta-sweep
###-begin-delta-sweep-completions-###
# SHELL=zsh delta-sweep completion >> ~/.zshrc
_delta-sweep_completions() {
  local -a reply
  reply=("\${(@f)$(delta-sweep ${COMPLETION_FLAG} "\${(@)words[1,CURRENT]}")}")
  if [[ -n "\${reply[1]}" ]]; then
    _describe 'values' reply
  else
    _default
  fi
}
if [[ "\${zsh_eval_context[-1]}" == "loadautofunc" ]]; then
  _delta-sweep_completions "$@"
else
  compdef _delta-sweep_completions delta-sweep
fi
###-end-delta-sweep-completions-###`;
