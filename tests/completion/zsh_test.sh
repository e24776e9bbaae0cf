#!/bin/sh
# zsh_test.sh GRADUS: checks the completions of gradus in zsh. Exits with 77 (skipped) without zsh.
set -eu
command -v zsh >/dev/null || exit 77
. "$(dirname "$0")/workplace.sh"
"$1" completion zsh >_gradus
cat >setup <<'TEXT'
PS1= PS2=
fpath=($PWD $fpath)
autoload -Uz compinit
compinit -u -D
unset zle_bracketed_paste
got() { print -r -- "got: ${(j:|:)@} :end" }
bindkey '^T' beginning-of-line
TEXT
cat >keys <<'TEXT'
# keys LINE: prints the words of the line after Tab is pressed at its end.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'source ./setup; got ready'
zpty -r -m shell answer '*got: ready :end*'
zpty -w -n shell "$1"$'\t\Ctgot \n'
zpty -r -m shell answer '*got: *:end*'
answer=${answer##*got: }
print -r -- "${answer%% :end*}"
TEXT

# becomes LINE WORDS: checks that Tab completes the line to these words, joined by |.
becomes() {
  [ "$(zsh -f keys "$1")" = "$2" ] || {
    echo "error: $1 becomes $(zsh -f keys "$1"), not $2" >&2
    exit 1
  }
}
becomes 'gradus tra' 'gradus|train'
becomes 'gradus train --preview' 'gradus|train|--preview-schedule'
becomes 'gradus train --optimizer adama' 'gradus|train|--optimizer|adamax'
becomes 'gradus train --optimizer=adama' 'gradus|train|--optimizer=adamax'
becomes 'gradus train --help opt' 'gradus|train|--help|optimizer'
becomes 'gradus train --data da' 'gradus|train|--data|data.csv'
becomes 'gradus train --data=da' 'gradus|train|--data=data.csv'
becomes 'gradus train --out ru' 'gradus|train|--out|runs'
becomes 'gradus evaluate runs/d' 'gradus|evaluate|runs/digits-1'
becomes 'gradus evaluate runs/t' 'gradus|evaluate|runs/two words'
