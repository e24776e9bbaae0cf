#!/bin/sh
# commands_test.sh README PROGRAM: runs the lines of the README that start with build/gradus, in order,
# in a folder that has only the test data.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/build"
ln -s "$2" "$work/build/gradus"
ln -s "$(cd "$(dirname "$1")" && pwd)/tests" "$work/tests"
sed -n '/^```sh$/,/^```$/p' "$1" | grep '^build/gradus' >"$work/commands"
cd "$work"
while read -r command; do
  echo "\$ $command"
  sh -c "$command"
done <"$work/commands"
[ -s runs/digits/report.json ]
