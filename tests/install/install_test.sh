#!/bin/sh
# install_test.sh BUILD: installs BUILD, moves the installed files, and builds programs of other projects
# with them. Checks that cpack makes packages, or refuses if BUILD is native.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
readme=$here/../../README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  cat "$work/log" >&2
  echo "error: $1" >&2
  exit 1
}

rm -f "$1/install_manifest.txt" # it may belong to root
cmake --install "$1" --prefix "$work/first" >"$work/log" || fail "cmake --install"
mv "$work/first" "$work/installed"

# find_gradus FOLDER COMPONENTS [OPTIONS…]: configures a project that uses the installed Gradus.
find_gradus() {
  folder=$work/$1
  components=$2
  shift 2
  cmake -S "$here/find_package" -B "$folder" -DCMAKE_PREFIX_PATH="$work/installed" \
    -DCOMPONENTS="$components" "$@" >"$work/log" 2>&1
}
find_gradus alone '' -DCMAKE_DISABLE_FIND_PACKAGE_PNG=ON -DCMAKE_DISABLE_FIND_PACKAGE_JPEG=ON \
  -DCMAKE_DISABLE_FIND_PACKAGE_WebP=ON || fail "find_package(gradus) without libpng, libjpeg and libwebp"
find_gradus all 'images;pictures;programs' || fail "find_package(gradus COMPONENTS images pictures programs)"
cmake --build "$work/all" >"$work/log" || fail "a project with find_package"
"$work/all/outside"
(cd "$work" && all/chart) || fail "a project that draws charts"
grep -q '<svg' "$work/squares.svg" && grep -q PNG "$work/squares.png" || fail "the charts of a project"
if find_gradus unknown 'sound'; then fail "an unknown component was found"; fi
grep -q 'Gradus has no component sound' "$work/log" || fail "the message about an unknown component"
rm "$work/installed"/lib*/cmake/gradus/gradusImagesTargets.cmake
if find_gradus less 'images'; then fail "a component that isn't installed was found"; fi
grep -q 'without its component images' "$work/log" || fail "the message about a component that isn't installed"

# The command line in the README.
"$here/first_program.sh" "$readme" >"$work/hello.cpp"
line=$(grep '^g++ ' "$readme")
PKG_CONFIG_PATH=$(echo "$work/installed"/lib*/pkgconfig)
export PKG_CONFIG_PATH
(cd "$work" && eval "$line" && ./a.out) >"$work/log" 2>&1 || fail "$line"
grep -q 'epoch 3: test accuracy 0.9' "$work/log" || fail "the output of the README's first program is wrong"
# All headers that are included must be installed.
(cd "$work"/installed/include/gradus && find . -name '*.hpp' | sed 's|^./\(.*\)$|#include "\1"|') >"$work/headers.cpp"
c++ -std=c++20 $(pkg-config --cflags gradus-pictures) -fsyntax-only "$work/headers.cpp" >"$work/log" 2>&1 ||
  fail "an installed header can't be compiled"

"$work/installed/bin/gradus" --help >/dev/null
share=$work/installed/share
grep -q '^complete -F _gradus gradus' "$share/bash-completion/completions/gradus"
grep -q '^#compdef gradus' "$share/zsh/vendor-completions/_gradus"
grep -q '^complete -c gradus' "$share/fish/vendor_completions.d/gradus.fish"

# A native build is refused; packing another build needs Debian's tools.
pack() { (cd "$1" && cpack -B "$work/packages") >"$work/log" 2>&1; }
if grep -q '^GRADUS_NATIVE:BOOL=ON' "$1/CMakeCache.txt"; then
  if pack "$1"; then fail "a native build was packed"; fi
  grep -q 'preset portable' "$work/log" || fail "the message about a native build"
elif command -v dpkg-shlibdeps >/dev/null && command -v file >/dev/null; then
  pack "$1" || fail "cpack"
  dpkg-deb --field "$work"/packages/gradus_*.deb Depends | grep -q libpng
  dpkg-deb --contents "$work"/packages/libgradus-dev_*.deb | grep -q /usr/include/gradus/gradus.hpp
fi
