#!/bin/sh
# debian.sh SUITE FOLDER [STAGE…]: tests Gradus on a Debian suite (bookworm, trixie). Each stage starts with a clean
# root of the suite, made in FOLDER, where downloads are kept. Run it manually, as root:
#   part      a project that contains Gradus builds with only the packages of the library
#   packages  cpack makes packages in FOLDER/SUITE-debs
#   install   these packages can be installed and work
#   build     ./run installs missing packages, builds without warnings, and passes the quick tests
# MIRROR, if set, is the mirror for debootstrap and apt. Only committed files are tested.
# shellcheck disable=SC2046 # lists of packages are split into words
set -eu
if [ $# -lt 2 ]; then
  sed -n '2,/shellcheck/ { /shellcheck/d; s/^# //p; }' "$0" >&2
  exit 2
fi
suite=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
shift 2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
log=$folder/$suite.log
root=
: >"$log"

finish() {
  status=$?
  release
  [ "$status" = 0 ] || {
    tail -n 30 "$log" >&2
    echo "error: see $log" >&2
  }
}
trap finish EXIT
trap 'exit 130' INT TERM

release() {
  [ -n "$root" ] || return 0
  umount "$root/proc" "$root/dev/pts" "$root/var/cache/apt/archives"
  root=
}

# fresh NAME: makes $root, a clean root with the user somebody and a clone of the tree.
fresh() {
  release
  if [ ! -d "$folder/$suite" ]; then
    debootstrap --variant=minbase "$suite" "$folder/$suite.part" ${MIRROR:+"$MIRROR"} >>"$log" 2>&1
    mv "$folder/$suite.part" "$folder/$suite"
  fi
  rm -rf --one-file-system "$folder/$suite-$1"
  cp -a "$folder/$suite" "$folder/$suite-$1"
  root=$folder/$suite-$1
  mkdir -p "$folder/$suite-archives"
  mount -t proc proc "$root/proc"
  mount --bind /dev/pts "$root/dev/pts" # for tests on a terminal
  mount --bind "$folder/$suite-archives" "$root/var/cache/apt/archives"
  as_root apt-get update -q
  as_root useradd -m somebody
  git clone -q "$source" "$root/home/somebody/gradus"
  as_root chown -R somebody: /home/somebody
}

# as_root COMMAND…, as_user COMMAND: run a command in $root with its output in the log.
as_root() {
  chroot "$root" env -i LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    "$@" >>"$log" 2>&1
}
as_user() { as_root su -l somebody -c "set -ex; export LC_ALL=C.UTF-8 CMAKE_GENERATOR=Ninja; cd gradus; $1"; }

# needed KIND…: the packages of these kinds that ./run installs.
needed() {
  for kind in "$@"; do
    sed -n "s/^${kind}_packages='\(.*\)'/\1/p" "$source/run" | sed 's/:[^ ]*//g'
  done
}
install() { as_root apt-get install -qy --no-install-recommends $(printf '%s\n' "$@"); }

part() {
  fresh part
  install $(needed tool library)
  as_user 'tests/install/subproject_test.sh .'
}

packages() {
  fresh packages
  install $(needed tool library program bench) dpkg-dev file
  as_user 'cmake --preset portable && cmake --build --preset portable --target programs
    (cd build-portable && cpack)'
  rm -rf "$folder/$suite-debs"
  mkdir "$folder/$suite-debs"
  cp "$root"/home/somebody/gradus/build-portable/*.deb "$folder/$suite-debs"
}

install_packages() {
  fresh programs
  cp "$folder/$suite-debs"/*.deb "$root/tmp"
  install $(cd "$root" && echo ./tmp/gradus_*.deb)
  as_user 'cd; gradus train --data digits --epochs 1 --out digits; gradus lab invariance
    gradus bench --help; test -s /usr/share/doc/gradus/copyright'

  fresh library
  cp "$folder/$suite-debs"/*.deb "$root/tmp"
  install $(cd "$root" && echo ./tmp/libgradus-dev_*.deb) g++ pkgconf cmake ninja-build
  as_user "tests/install/first_program.sh README.md >~/hello.cpp
    cp -r tests/install/find_package ~; cd
    $(grep '^g++ ' "$source/README.md")
    ./a.out
    cmake -S find_package -B build && cmake --build build && build/outside"
}

build() {
  fresh build
  install sudo
  echo 'somebody ALL=(ALL) NOPASSWD:ALL' >"$root/etc/sudoers.d/somebody"
  as_user 'export CI=true
    ./run train --data digits --epochs 1
    sudo cmake --install build
    gradus evaluate runs/*
    if gradus lab invariance; then exit 1; fi
    ./run test'
}

timed() {
  begin=$(date +%s)
  "$1"
  echo "$suite $1: $(($(date +%s) - begin)) s"
}

[ $# -gt 0 ] || set -- part packages install build
for stage in "$@"; do
  case $stage in
    part | packages | build) timed "$stage" ;;
    install) timed install_packages ;;
    *)
      echo "error: unknown stage '$stage'" >&2
      exit 2
      ;;
  esac
done
