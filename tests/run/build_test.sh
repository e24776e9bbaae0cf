#!/bin/sh
# build_test.sh PATH_OF_RUN: tests ./run train, test and build with a project of four files and with
# failing tools. Exits with 77 (skipped) if ninja, cmake, c++ or script are missing.
#
# The test doesn't depend on the speed of the machine: the clock is a file, and each step of the build
# waits until the test lets it continue.
# shellcheck disable=SC2016,SC2123 # expanded later; PATH is changed on purpose
set -eu
for program in ninja cmake ctest c++ script; do
  command -v "$program" >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done

home=$(mktemp -d)
export home
clean_up() {
  touch "$home/let_all_go"
  wait
  rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
unset CXX CMAKE_GENERATOR CTEST_PARALLEL_LEVEL
export TERM=dumb TMPDIR="$home/tmp" LC_ALL=C.UTF-8

project="$home/a project"
mkdir "$project" "$home/tmp" "$home/bin" "$home/few"
cp "$1" "$project/run"
cat >"$project/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(fake LANGUAGES NONE)
if(DEFINED ENV{CXX})
  set(CMAKE_CXX_COMPILER $ENV{CXX} CACHE FILEPATH "")
endif()
execute_process(COMMAND sh $ENV{home}/step.sh 0 WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
include($ENV{home}/more.cmake OPTIONAL)
foreach(step RANGE 1 4)
  add_custom_command(OUTPUT ${step}.o COMMAND sh $ENV{home}/step.sh ${step} DEPENDS ${before}
    COMMENT "Building CXX object CMakeFiles/gradus.dir/core/${step}.cpp.o")
  set(before ${step}.o)
endforeach()
file(WRITE ${PROJECT_BINARY_DIR}/gradus "#!/bin/sh\necho \"gradus: $*\"\n")
file(CHMOD ${PROJECT_BINARY_DIR}/gradus PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
file(WRITE ${PROJECT_BINARY_DIR}/targets/fuzz_png "#!/bin/sh\n. \"$home/target\"\n")
file(CHMOD ${PROJECT_BINARY_DIR}/targets/fuzz_png PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
foreach(target gradus_program programs examples quick_tests slow_tests fuzz_png fuzz_targets)
  add_custom_command(OUTPUT ${target}.o COMMAND sh $ENV{home}/step.sh ${target} DEPENDS 4.o)
  add_custom_target(${target} DEPENDS ${target}.o)
endforeach()
enable_testing()
add_test(NAME a_quick_one COMMAND true)
add_test(NAME a_slow_one COMMAND true)
set_tests_properties(a_slow_one PROPERTIES LABELS slow)
TEXT

mkdir -p "$project/tests/fuzz/corpora/png"
cat >"$project/CMakePresets.json" <<'TEXT'
{"version": 6, "configurePresets": [{"name": "fuzz", "generator": "Ninja", "binaryDir": "${sourceDir}/build/fuzz"}]}
TEXT

# step.sh STEP: stands for a compiler. If "hold" exists, it waits for go_STEP; it runs do_STEP, which may
# fail.
cat >"$home/step.sh" <<'TEXT'
touch "$home/began_$1"
while [ -e "$home/hold" ] && ! [ -e "$home/go_$1" ] && ! [ -e "$home/let_all_go" ]; do sleep 1; done
if [ -e "$home/do_$1" ]; then . "$home/do_$1"; fi
echo "$1" >>"$home/compiled"
touch "$1.o"
TEXT

# tool NAME [FOLDER]: writes a program from standard input, which comes before the real one in PATH.
tool() {
  { echo '#!/bin/sh'; cat; } >"$home/${2:-bin}/$1"
  chmod +x "$home/${2:-bin}/$1"
}
# The folder of cmake itself, since a script that starts it may be slow.
echo 'message("${CMAKE_COMMAND}")' >"$home/where.cmake"
path=$(dirname "$(cmake -P "$home/where.cmake" 2>&1)"):$PATH
PATH=$home/bin:$path
tool date <<'TEXT'
cat "$home/now"
TEXT
sleep=$(command -v sleep)
echo "exec $sleep 0.1" | tool sleep
tool dpkg-query <<'TEXT'
if grep -qx "$4" "$home/absent" && ! [ -e "$home/installed" ]; then exit 1; fi
echo 'install ok installed'
TEXT
tool id <<'TEXT'
if [ "$1" = -u ]; then cat "$home/user"; else echo somebody; fi
TEXT
tool sudo <<'TEXT'
if [ -e "$home/do_sudo" ]; then . "$home/do_sudo"; fi
exec "$@"
TEXT
tool apt-get <<'TEXT'
echo "apt-get $*" >>"$home/called"
if [ -e "$home/do_$1" ]; then . "$home/do_$1"; fi
if [ "$1" = install ]; then touch "$home/installed"; fi
TEXT
tool dpkg <<'TEXT'
echo "dpkg $*" >>"$home/called"
rm "$home/do_install"
TEXT

# begin NAME: starts the next case: nothing is built, nothing fails, the clock stands still.
begin() {
  name=$1
  rm -rf "$project/build" "$home/hold" "$home/more.cmake" "$home"/do_* "$home"/go_* "$home"/began_* \
    "$home/installed"
  for file in compiled called absent user output; do : >"$home/$file"; done
  echo 0 >"$home/user"
  at 1000
}

at() {
  echo "$1" >"$home/next"
  mv "$home/next" "$home/now"
}

go() { for step in "$@"; do touch "$home/go_$step"; done; }

wrong() {
  echo "$name: $1; output:"
  cat -v "$home/output"
  exit 1
}

# until_true COMMAND…: waits until the command succeeds, for a minute at most.
until_true() {
  for _ in $(seq 600); do
    ! "$@" || return 0
    sleep 1
  done
  wrong "timeout while waiting for '$*'"
}
begun() { until_true test -e "$home/began_$1"; }
says() { until_true grep -qF -- "$1" "$home/output"; }

# check STATUS TEXT: checks the exit status and the whole output of the last ./run.
check() {
  [ "$got" = "$1" ] || wrong "exit status $got, expected $1"
  [ "$(cat "$home/output")" = "$2" ] || wrong "expected '$2'"
}

# expect STATUS TEXT ARGUMENT…: runs ./run and checks its exit status and its whole output.
expect() {
  expected_status=$1 expected=$2
  shift 2
  got=0
  "$project/run" "$@" >"$home/output" 2>&1 </dev/null || got=$?
  check "$expected_status" "$expected"
}

# start ARGUMENT…, finish: the same in the background.
start() {
  "$project/run" "$@" >"$home/output" 2>&1 </dev/null &
  running=$!
}
finish() {
  got=0
  wait "$running" || got=$?
}

# start_on_terminal COLUMNS ARGUMENT…, finish_on_terminal: the same on a terminal; keys are written to
# descriptor 4. All processes that ./run starts keep "alive" open: reading it ends when all have ended.
# (Background processes of a shell ignore SIGINT, so it is reset to its default.)
mkfifo "$home/keys" "$home/alive"
start_on_terminal() {
  timeout 60 cat "$home/alive" &
  alive=$!
  project=$project TERM=xterm SHELL=/bin/sh \
    env --default-signal=INT script -qefc 'stty cols '"$1"'; exec "$project/run" '"$2" "$home/script" \
    >"$home/output" <"$home/keys" 5>"$home/alive" &
  running=$!
  exec 4>"$home/keys"
}
finish_on_terminal() {
  finish
  exec 4>&-
  wait "$alive" || wrong "a process still runs"
}
# The same; ^[ is escape and ^M is carriage return.
on_terminal_says() { until_true sh -c 'cat -v "$home/output" | grep -qF -- "$1"' sh "$1"; }

built() { [ "$(tr '\n' ' ' <"$home/compiled")" = "$1" ] || wrong "built $(cat "$home/compiled"), expected $1"; }

begin "targets of train"
expect 0 "gradus: train --epochs 2" train --epochs 2
built "0 1 2 3 4 gradus_program "
name="nothing to build"
expect 0 "gradus: train" train
built "0 1 2 3 4 gradus_program 0 "

tool c++ </dev/null # the real one was tested above, and is slower

begin "targets of build"
expect 0 "" build
sort -o "$home/compiled" "$home/compiled"
built "0 1 2 3 4 examples programs "
expect 2 "error: build takes no options
$("$project/run" help)" build --fast

# tests WORDS TESTS: checks which tests ./run test WORDS runs.
tests() {
  # shellcheck disable=SC2086 # words
  "$project/run" test $1 >"$home/output" 2>&1 || wrong "failed"
  ran=$(sed -n 's/^ *[0-9]*\/[0-9]* Test.*: \([^ ]*\) \..*/\1/p' "$home/output" | sort | tr '\n' ' ')
  [ "$ran" = "$2" ] || wrong "'test $1' ran '$ran', expected '$2'"
}
begin "tests"
tests "" "a_quick_one "
built "0 1 2 3 4 quick_tests "
tests "-R one" "a_quick_one "
tests "quick" "a_quick_one "
tests "all" "a_quick_one a_slow_one "
tests "all -R slow" "a_slow_one "
built "0 1 2 3 4 quick_tests 0 0 0 slow_tests 0 "
begin "slow tests"
tests "slow" "a_slow_one "
built "0 1 2 3 4 slow_tests "
expect 2 "error: unknown tests 'slo': quick, slow or all
$("$project/run" help)" test slo

begin "fuzzing"
CXX=$(command -v c++)
export CXX
cat >"$home/target" <<'TEXT'
echo '#12	NEW    cov: 34 ft: 5 corp: 1/2b'
echo '#56	DONE   cov: 78 ft: 9 corp: 1/2b'
TEXT
expect 0 "png: 56 executions, coverage 78" fuzz png 1
built "0 1 2 3 4 fuzz_png "
expect 0 "png: 56 executions, coverage 78" fuzz all 1
cat >"$home/target" <<'TEXT'
for word in "$@"; do
  case $word in
    -exact_artifact_path=*) printf x >"${word#*=}" && exit 1 ;;
    -artifact_prefix=*) found=${word#*=}crash ;;
  esac
done
printf 'xyz' >"$found"
echo '#7	NEW    cov: 8 ft: 9 corp: 1/2b'
echo 'finding: a value is lost'
echo "artifact_prefix=''; Test unit written to $found"
exit 77
TEXT
kept=tests/fuzz/corpora/png/found_2d711642
expect 1 "png: 7 executions, coverage 8
finding: a value is lost
png: found $kept; this repeats it: build/fuzz/targets/fuzz_png $kept" fuzz png 1
[ "$(cat "$project/$kept")" = x ] || wrong "the finding isn't what it was reduced to"
expect 2 "error: unknown target 'jpg' to fuzz: all, png
$("$project/run" help)" fuzz jpg 1
for seconds in 0 x 1.5 -1 100000; do
  expect 2 "error: '$seconds' is not a number of seconds from 1 to 99999
$("$project/run" help)" fuzz png "$seconds"
done
expect 2 "error: fuzz takes a target, or all, and how many seconds
$("$project/run" help)" fuzz png
unset CXX

begin "progress in a pipe"
touch "$home/hold"
echo 'echo "[1/2] Re-checking globbed directories..."' >"$home/do_1" # ninja prints this in addition to its steps
start train
begun 0
at 1001
"$sleep" 0.5
[ ! -s "$home/output" ] || wrong "prints progress at once"
at 1002
says "configuring"
go 0
begun 1
at 1004
says "building"
go 1
begun 2
at 1019
says "[ 1/5 ] 20 %"
go 2 3
begun 4
at 1034
says "[ 3/5 ] 60 %, 0:21 left"
go 4 gradus_program
finish
check 0 "configuring
building
[ 1/5 ] 20 %
[ 3/5 ] 60 %, 0:21 left
built in 0:32
gradus: train"

begin "progress on a terminal"
touch "$home/hold"
start_on_terminal 30 train
begun 0
at 1002
on_terminal_says '^Mconfiguring^[[K'
go 0
begun 1
at 1004
on_terminal_says '^Mbuilding^[[K'
go 1
begun 2
on_terminal_says '^M[ 1/5 ] 20 %  core/1.cpp^[[K'
go 2 3
begun 4
at 1034
on_terminal_says '^M[ 3/5 ] 60 %, 0:21 left^[[K' # no room for the file
go 4 gradus_program
finish_on_terminal
[ "$got" = 0 ] || wrong "exit status $got"
on_terminal_says '^M^[[Kbuilt in 0:32^M'

begin "Ctrl-C while building"
touch "$home/hold"
go 0 1
start_on_terminal 80 build
begun 2
at 1003
on_terminal_says '^M[ 1/6 ] 16 %  core/1.cpp^[[K'
printf '\003' >&4
finish_on_terminal
[ "$got" = 130 ] || wrong "exit status $got, expected 130"
case $(cat -v "$home/output") in *'^M^[[K') ;; *) wrong "the line isn't erased" ;; esac
built "0 1 "
go 2 3 4 programs examples
name="after Ctrl-C"
expect 0 "" build
[ "$(sort -u "$home/compiled" | wc -l)" = 7 ] || wrong "not all is built"
[ "$(grep -c 1 "$home/compiled")" = 1 ] || wrong "a step was built again"

begin "killed outright"
touch "$home/hold"
go 0
timeout 60 cat "$home/alive" &
alive=$!
start build 5>"$home/alive"
begun 1
kill -KILL "$running"
go 1 2 3 4 programs examples
wait "$alive" || wrong "a process still runs"

begin "a failing compiler"
cat >"$home/do_3" <<'TEXT'
echo "three.cpp:1: error: no such thing"
echo "three.cpp:2: note: but this"
exit 1
TEXT
echo 'echo "two.cpp:1: warning: hm"' >"$home/do_2"
expect 1 "FAILED: 3.o
three.cpp:1: error: no such thing
three.cpp:2: note: but this
error: the build failed (see build/run.log); fix the error, then ./run train continues the build" train
grep -q 'two.cpp:1: warning' "$project/build/run.log" || wrong "the log isn't complete"
rm "$home/do_3"
expect 0 "gradus: train" train
built "0 1 2 0 3 4 gradus_program "

begin "a compiler that fails under make"
(cd "$project" && cmake -G "Unix Makefiles" -S . -B build >/dev/null) 2>/dev/null || make=none
if [ -z "${make:-}" ]; then
  : >"$home/compiled"
  echo 'echo "three.cpp:1: error: no such thing"; exit 1' >"$home/do_3"
  expect 1 "three.cpp:1: error: no such thing
error: the build failed (see build/run.log); fix the error, then ./run train continues the build" train
  rm "$home/do_3"
  expect 0 "gradus: train" train
  built "0 1 2 0 3 4 gradus_program "
fi

# Full disks: reported by the compiler, of the folder for temporary files, of the log.
no_space=' of [^ ]* free; free some space, then run ./run train again$'
begin "no space while compiling"
echo 'echo "/usr/bin/ld: final link failed: No space left on device"; exit 1' >"$home/do_3"
got=0
"$project/run" train >"$home/output" 2>&1 || got=$?
[ "$got" = 1 ] || wrong "exit status $got, expected 1"
[ "$(wc -l <"$home/output")" = 1 ] || wrong "more than a line"
grep -q "^error: no space left on the disk of build/: [^ ]*$no_space" "$home/output" || wrong "no hint"
echo 'echo "a.cpp: fatal error: error writing to $TMPDIR/cc7x.s: No space left on device"; exit 1' >"$home/do_3"
"$project/run" train >"$home/output" 2>&1 || true
grep -q "^error: no space left on the disk of $TMPDIR: [^ ]*$no_space" "$home/output" || wrong "no hint"
echo 'ln -sf /dev/full run.lock; exit 1' >"$home/do_3"
"$project/run" train >"$home/output" 2>&1 || true
grep -q "^error: no space left on the disk of build/: [^ ]*$no_space" "$home/output" || wrong "no hint"
name="no space at all"
"$project/run" train >"$home/output" 2>&1 || true
grep -q "^error: no space left on the disk of build/: [^ ]*$no_space" "$home/output" || wrong "no hint"

begin "build/ isn't a folder"
touch "$project/build"
expect 1 "error: can't write to build/ (File exists); change its owner (chown -R somebody build) or remove it" train

begin "packages"
printf 'libfmt-dev\ndoctest-dev\n' >"$home/absent"
expect 0 "installing libfmt-dev
gradus: train" train
[ "$(cat "$home/called")" = "apt-get update -q
apt-get install -qy --no-install-recommends libfmt-dev" ] || wrong "called $(cat "$home/called")"
rm "$home/installed"
echo 'exit 100' >"$home/do_update" # a broken repository among others
tests "" "a_quick_one "
grep -q '^installing libfmt-dev doctest-dev$' "$home/output" || wrong "doctest isn't installed"
rm "$home/installed"
echo 1000 >"$home/user"
expect 0 "installing libfmt-dev (with sudo)
gradus: train" train

begin "packages without root and sudo"
echo 1000 >"$home/user"
cp "$home/bin/id" "$home/bin/dpkg-query" "$home/few/"
for program in sh dirname tr cat grep; do ln -s "$(command -v $program)" "$home/few/"; done
echo libfmt-dev >"$home/absent"
PATH=$home/few
expect 1 "error: packages are missing; run as root: apt-get install libfmt-dev" train
PATH=$home/bin:$path

begin "sudo refuses"
echo libfmt-dev >"$home/absent"
echo 1000 >"$home/user"
echo 'echo "sudo: 3 incorrect password attempts" >&2; exit 1' >"$home/do_sudo"
expect 1 "installing libfmt-dev (with sudo)
error: sudo refused (3 incorrect password attempts); run as root: apt-get install libfmt-dev" train

begin "no network"
echo libfmt-dev >"$home/absent"
cat >"$home/do_install" <<'TEXT'
echo "Reading package lists..."
echo "E: Failed to fetch http://deb.debian.org/fmt.deb  Temporary failure resolving 'deb.debian.org'"
echo "E: Unable to fetch some archives"
exit 100
TEXT
expect 1 "installing libfmt-dev
E: Failed to fetch http://deb.debian.org/fmt.deb  Temporary failure resolving 'deb.debian.org'
E: Unable to fetch some archives
error: the packages can't be installed (is there a network?); try as root: apt-get install libfmt-dev" train

begin "dpkg was interrupted"
echo libfmt-dev >"$home/absent"
echo "echo \"E: dpkg was interrupted, you must manually run 'dpkg --configure -a'\"; exit 100" >"$home/do_install"
expect 0 "installing libfmt-dev
gradus: train" train
grep -qx 'dpkg --configure -a' "$home/called" || wrong "dpkg isn't called"

begin "Ctrl-C while installing"
echo libfmt-dev >"$home/absent"
echo 'touch "$home/began_install"; until [ -e "$home/let_all_go" ]; do sleep 1; done' >"$home/do_install"
start_on_terminal 80 train
begun install
printf '\003' >&4
finish_on_terminal
[ "$got" = 130 ] || wrong "exit status $got, expected 130"
[ -z "$(ls "$TMPDIR")" ] || wrong "left $(ls "$TMPDIR") behind"

begin "an old CMake"
mkdir "$home/old_cmake" "$home/old_compiler" "$home/other_compiler"
echo 'echo "cmake version 3.18.4"' | tool cmake old_cmake
PATH=$home/old_cmake:$PATH
expect 1 "error: CMake 3.25 or newer is needed, got 3.18.4; install it from cmake.org/download or by: pip install cmake" train
PATH=$home/bin:$path

begin "an old compiler"
tool c++ old_compiler <<'TEXT'
if [ "$1" = --version ]; then printf 'c++ (Old) 9.3.0\nCopyright\n'; exit; fi
exit 1
TEXT
PATH=$home/old_compiler:$PATH
needed="g++ 12 or clang 14 is needed; CXX=g++-12 ./run train uses another compiler"
expect 1 "error: c++ (c++ (Old) 9.3.0) doesn't support C++20; $needed" train
PATH=$home/bin:$path
export CXX=nowhere
expect 1 "error: the compiler nowhere doesn't exist; $needed" train

begin "another compiler"
tool first other_compiler </dev/null
tool second other_compiler </dev/null
CXX=$home/other_compiler/first
expect 0 "gradus: train" train
CXX=$home/other_compiler/second
expect 0 "configuring again: build/ was made with $home/other_compiler/first, CXX is now $CXX
gradus: train" train
expect 0 "gradus: train" train
unset CXX
expect 0 "gradus: train" train

begin "a clone that moved"
expect 0 "gradus: train" train
mv "$project" "$home/moved here"
project="$home/moved here"
expect 0 "configuring again: build/ was made in another folder
gradus: train" train

# lacking NAME TEXT: checks the error about a package that cmake doesn't find.
lacking() {
  begin "cmake doesn't find $1"
  echo "$2" >"$home/more.cmake"
  expect 1 "error: cmake didn't find $1 (see build/run.log); install it, then run ./run train again" train
}
lacking surely_nowhere "find_package(surely_nowhere REQUIRED)"
lacking surely_nowhere "find_package(surely_nowhere 3.1 CONFIG REQUIRED)"
lacking Absent "message(STATUS \"Could NOT find Optional\")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Absent REQUIRED_VARS NO_LIBRARY)
message(FATAL_ERROR \"Could NOT find Absent (missing: NO_LIBRARY)\")"
lacking surely_nowhere "find_library(NO_LIBRARY surely_nowhere REQUIRED)"

begin "cmake fails"
echo 'message(FATAL_ERROR "the moon is full")' >"$home/more.cmake"
expect 1 "CMake Error at $home/more.cmake:1 (message):
  the moon is full
Call Stack (most recent call first):
  CMakeLists.txt:7 (include)
error: cmake failed (see build/run.log); fix the error, then run ./run train again" train

if command -v flock >/dev/null; then
  begin "two builds at the same time"
  mkdir "$project/build"
  (
    flock 9
    touch "$home/began_other"
    until [ -e "$home/go_other" ] || [ -e "$home/let_all_go" ]; do sleep 1; done
  ) 9>"$project/build/run.lock" &
  begun other
  start train
  says "waiting for another ./run that builds in this folder"
  go other
  finish
  check 0 "waiting for another ./run that builds in this folder
gradus: train"
fi
echo "all passed"
