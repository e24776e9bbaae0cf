#!/bin/sh
# install_test.sh BUILD: installs the tree that was built in BUILD, and builds and runs a program
# outside it against the installed one.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/installed" >"$work/log" || { cat "$work/log"; exit 1; }
cmake -S "$here" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/installed" \
  -DCMAKE_CXX_FLAGS="${CXXFLAGS:-}" >"$work/log"
cmake --build "$work/build" >>"$work/log" || { cat "$work/log"; exit 1; }
# Every public header must stand alone in the installed tree.
cd "$work/installed/include/gradus"
find . -name '*.hpp' | sed 's|^\./||' | while read -r header; do
  echo "#include <$header>" >"$work/alone.cpp"
  "${CXX:-c++}" -std=c++20 -fsyntax-only -I . "$work/alone.cpp" || { echo "$header doesn't stand alone"; exit 1; }
done
"$work/build/outside"
"$work/installed/bin/gradus" --help >/dev/null
grep -q "^complete -F _gradus gradus" "$work/installed/share/bash-completion/completions/gradus"
