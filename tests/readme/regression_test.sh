#!/bin/sh
# regression_test.sh PAGE PROGRAM: runs the suite, the commands and the CTest project of docs/regression.md.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$page" | grep -v '^```'; }
page=$(realpath "$1")
PATH=$(dirname "$2"):$PATH
cd "$work"
block json >suite.json
block sh >commands
while read -r command; do
  echo "\$ $command"
  sh -c "$command" >output || { cat output; exit 1; }
  last=$(tail -n 1 output)
  case $command in
    *filter*) [ "$last" = '2 passed, 0 failed' ] ;;
    *check*) [ "$last" = '4 passed, 0 failed' ] ;;
  esac
done <commands
[ -s report.xml ]

{ echo 'cmake_minimum_required(VERSION 3.25)'; echo 'project(training NONE)'; block cmake; } >CMakeLists.txt
cmake -S . -B build >output && ctest --test-dir build >>output || { cat output; exit 1; }
grep -q '100% tests passed' output
