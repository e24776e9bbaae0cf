#!/bin/sh
# fish_test.sh GRADUS: checks the completions of gradus in fish. Exits with 77 (skipped) without fish.
set -eu
command -v fish >/dev/null || exit 77
. "$(dirname "$0")/workplace.sh"
"$1" completion fish >gradus.fish

# offers LINE WORDS…: checks that fish offers these words at the end of the line.
offers() {
  line=$1
  shift
  printf '%s\n' "$@" >expected
  fish --no-config -c 'source gradus.fish; complete -C $argv[1]' "$line" | cut -f 1 | sort >offered
  diff expected offered || {
    echo "error: wrong completions of fish for: $line" >&2
    exit 1
  }
}
offers 'gradus tra' train
offers 'gradus train --preview' --preview-schedule
offers 'gradus train --optimizer adama' adamax
offers 'gradus train --optimizer=adama' --optimizer=adamax
offers 'gradus train --help opt' optimizer
offers 'gradus train --data d' data.csv diabetes digits
offers 'gradus train --data=d' --data=data.csv --data=diabetes --data=digits
offers 'gradus train --out ru' runs/
offers 'gradus train --out=ru' --out=runs/
offers 'gradus evaluate runs/d' runs/digits-1
offers 'gradus evaluate runs/t' 'runs/two words'
