#!/bin/sh
# subproject_test.sh SOURCE: builds and runs the README's first program in a project that contains the
# tree in SOURCE. Checks that only the library is built, with only its packages, and that the project's
# variables don't change.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "error: $1" >&2
  exit 1
}

# configure TYPE OPTIONS…: configures the project in $work/TYPE.
configure() {
  type=$1
  shift
  cmake -S "$here/subproject" -B "$work/$type" -DCMAKE_BUILD_TYPE="${type#none}" \
    -DGRADUS_SOURCE="$source" -DPROGRAM="$work/main.cpp" \
    -DCMAKE_DISABLE_FIND_PACKAGE_PNG=ON -DCMAKE_DISABLE_FIND_PACKAGE_JPEG=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_WebP=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_cxxopts=ON -DCMAKE_DISABLE_FIND_PACKAGE_doctest=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_benchmark=ON "$@" >"$work/log" 2>&1 || {
    cat "$work/log"
    fail "a project of type '$type' couldn't be configured"
  }
  # The program may only be compiled with the options of the build type.
  command=$(grep '"command": .*-c [^ ]*/main\.cpp"' "$work/$type/compile_commands.json")
  for word in $command; do
    case $word in
      -std=* | -I* | -c | -o | -O[03] | -DNDEBUG | -DFMT_SHARED) ;;
      -*) fail "the project is compiled with $word: $command" ;;
    esac
  done
}

source=$(CDPATH='' cd -- "$1" && pwd)
"$here/first_program.sh" "$source/README.md" >"$work/main.cpp"
configure none
configure Release
# A debug build without inlining.
configure Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DBUILD_SHARED_LIBS=ON
cmake --build "$work/Debug" --parallel "$(nproc)" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
"$work/Debug/outside" | tee "$work/log"
grep -q 'epoch 3: test accuracy 0.9' "$work/log" || fail "the output of the README's first program is wrong"
