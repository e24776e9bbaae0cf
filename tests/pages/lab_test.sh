#!/bin/sh
# lab_test.sh PROGRAM: runs all experiments with --small and opens their lab.html in a browser.
set -eu
. "$(dirname "$0")/browser.sh"
"$1" lab --all --small --quiet --out "$work/lab" >"$work/verdicts"
cat "$work/verdicts"
"$1" lab --list >"$work/list"

# A verdict for each experiment, and the files of each.
sed -n 's/^  \([^ ]*\) .*/\1/p' "$work/list" | sort >"$work/names"
sed 's/: .*//' "$work/verdicts" | sort | diff "$work/names" -
for name in $(cat "$work/names"); do
  for kind in svg csv md; do
    [ -s "$work/lab/$name.$kind" ] || { echo "$name.$kind is missing"; exit 1; }
  done
done

expected() {
  cat <<TEXT
$1 wide:
$(grep -v '^ ' "$work/list" | paste -sd, | sed 's/,/, /g')
$(grep -o '<svg ' "$work/lab/lab.html" | wc -l) pictures
TEXT
}
see "$work/lab/lab.html"
