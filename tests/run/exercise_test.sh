#!/bin/sh
# exercise_test.sh ROOT: tests ./run exercise and ./run program with a project of two exercises that need
# no library; what ends a program with an uncaught exception is Gradus's. Exits with 77 (skipped) if cmake
# or c++ are missing.
set -eu
for program in cmake c++; do
  command -v "$program" >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
trap 'exit 1' HUP INT TERM
unset CXX CMAKE_GENERATOR
export TERM=dumb

project="$home/a project"
mkdir -p "$project/apps/exercises/2.1" "$project/apps/exercises/10.1" "$home/bin"
cp "$1/run" "$project/run"
cp "$1/apps/exercises/exercise.sh" "$1/apps/exercises/uncaught.cpp" "$project/apps/exercises/"
cat >"$project/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(fake LANGUAGES NONE)
set(CMAKE_CXX_COMPILER c++ CACHE FILEPATH "")
add_custom_target(gradus_pictures)
add_custom_command(OUTPUT uncaught.o DEPENDS ${PROJECT_SOURCE_DIR}/apps/exercises/uncaught.cpp
  COMMAND c++ -std=c++20 -c ${PROJECT_SOURCE_DIR}/apps/exercises/uncaught.cpp -o uncaught.o VERBATIM)
add_custom_target(gradus_uncaught DEPENDS uncaught.o)
file(WRITE ${PROJECT_BINARY_DIR}/program.options
  "-std=c++20 -Wfatal-errors\n\"${PROJECT_BINARY_DIR}/uncaught.o\"\n")
file(APPEND ${PROJECT_BINARY_DIR}/configured "once\n")
TEXT
printf '#!/bin/sh\necho install ok installed\n' >"$home/bin/dpkg-query"
chmod +x "$home/bin/dpkg-query"
PATH=$home/bin:$PATH
cd "$project/apps/exercises"
cat >2.1/test.cpp <<'TEXT'
// Hint: two and two
// are four.
#include EXERCISE
#include <cstdio>
int main() {
  std::printf("twice(2) is %d\n", twice(2));
  return twice(2) != 4;
}
TEXT
printf '// Exercise 2.1: twice a number.\nint twice(int x) { return x; }\n' >2.1/stub.cpp
printf '// Exercise 2.1: twice a number.\nint twice(int x) { return x + x; }\n' >2.1/solution.cpp
printf '// Exercise 10.1: nothing.\n' >10.1/stub.cpp
cd "$project"

# expect STATUS TEXT COMMAND…: runs the command, which must end so and print exactly the text.
expect() {
  status=0
  wanted="$2
$1"
  shift 2
  "$@" >"$home/output" 2>&1 || status=$?
  got="$(grep -v '^configuring\|^building\|^built' "$home/output")
$status"
  [ "$got" = "$wanted" ] || {
    echo "$*: got"
    echo "$got"
    echo "wanted"
    echo "$wanted"
    exit 1
  }
}

list() {
  printf '%-6s %-7s twice a number\n%-6s %-7s nothing' 2.1 "$1" 10.1 ''
}
unsolved='error: exercise 2.1 is not solved yet: change exercises/2.1.cpp, then run ./run exercise 2.1 again'

expect 0 "$(list '')" ./run exercise
expect 1 "exercises/2.1.cpp is new: write your code there
twice a number
twice(2) is 2
$unsolved" ./run exercise 2.1
# The unchanged stub doesn't count.
for _ in 1 2; do
  expect 1 "twice a number
twice(2) is 2
$unsolved" ./run exercise 2.1
done
expect 0 "$(list begun)" ./run exercise
echo 'int twice(int x) { return x * x * x; }' >exercises/2.1.cpp
expect 1 "twice a number
twice(2) is 8
$unsolved" ./run exercise 2.1
expect 0 "$(list failed)" ./run exercise
# What isn't compiled counts too.
echo 'int twice(int x) { return y; }' >exercises/2.1.cpp
./run exercise 2.1 >"$home/output" 2>&1 && exit 1
grep -q 'exercises/2.1.cpp:1:' "$home/output"
grep -qx 'Hint: two and two' "$home/output" || { echo "no hint after two failures"; exit 1; }
echo 'int twice(int x) { return x - x; }' >exercises/2.1.cpp
expect 1 "twice a number
twice(2) is 0
Hint: two and two
are four.
$unsolved" ./run exercise 2.1
expect 0 "Hint: two and two
are four." ./run exercise 2.1 --hint
expect 0 "$(cat apps/exercises/2.1/solution.cpp)" ./run exercise 2.1 --solution
echo 'int twice(int x) { return 2 * x; }' >exercises/2.1.cpp
expect 0 "twice a number
twice(2) is 4
solved" ./run exercise 2.1
expect 0 "$(list solved)" ./run exercise
expect 0 '2.1    solved' ./run exercise all
echo 'int twice(int x) { return 7; }' >exercises/2.1.cpp
expect 1 '2.1    twice(2) is 7' ./run exercise all
expect 0 "$(list failed)" ./run exercise
echo 'int twice(int) { return y; }' >exercises/2.1.cpp
expect 1 "2.1    doesn't compile" ./run exercise all
# Only an attempt at this exercise counts: the next failure is the second.
[ "$(cat exercises/.state/2.1)" = 1 ] || { echo "exercise all counts attempts"; exit 1; }

fails() {
  text=$1
  shift
  status=0
  "$@" >"$home/output" 2>&1 || status=$?
  [ "$status" != 0 ] && grep -qxF "$text" "$home/output" || {
    echo "$* printed:"
    cat "$home/output"
    exit 1
  }
}
fails "error: unknown exercise '3.1': ./run exercise lists them" ./run exercise 3.1
fails "error: unknown exercise '../exercises/2.1': ./run exercise lists them" ./run exercise ../exercises/2.1
fails "error: unexpected '--solve' after exercise 2.1: the options are --hint and --solution" ./run exercise 2.1 --solve
fails "error: program takes a C++ file" ./run program
fails "error: missing.cpp: no such file" ./run program missing.cpp

printf '#include <cstdio>\nint main(int n, char** words) { std::printf("%%d %%s\\n", n, words[1]); return 3; }\n' >"my file.cpp"
expect 3 "2 a word" ./run program "my file.cpp" "a word"
echo 'int main() { return nothing; }' >"my file.cpp"
fails "error: my file.cpp doesn't compile" ./run program "my file.cpp"

# An uncaught exception, with what was printed before.
fails_with() {
  printf '#include <cstdio>\n#include <iostream>\n#include <stdexcept>\nint main() { std::printf("before"); std::cout << "\\n"; %s; }\n' "$2" >"my file.cpp"
  expect 1 "before
error: $1" ./run program "my file.cpp"
}
fails_with 'three is not four' 'throw std::runtime_error("three is not four")'
fails_with "an exception that isn't a std::exception" 'throw 3'
fails_with 'terminated without an exception' 'std::terminate()'

# cmake ran once, since nothing that it reads has changed. It runs again after a change; its errors, which then come
# from ninja or make, and theirs, are explained as those of a first build.
configured() {
  [ "$(wc -l <build/configured)" = "$1" ] || { echo "cmake ran $(wc -l <build/configured) times, not $1: $2"; exit 1; }
}
printf '#include <cstdio>\nint main() { std::puts("ran"); }\n' >"my file.cpp"
expect 0 ran ./run program "my file.cpp"
configured 1 'nothing has changed'
# Times of files are compared in whole seconds by make.
sleep 1
echo '# changed' >>CMakeLists.txt
expect 0 ran ./run program "my file.cpp"
configured 2 'CMakeLists.txt has changed'
cp CMakeLists.txt "$home/good"
echo 'message(FATAL_ERROR "the moon is full")' >>CMakeLists.txt
fails "error: cmake failed (see build/run.log); fix the error, then run ./run program again" ./run program "my file.cpp"
cp "$home/good" CMakeLists.txt
sed -i '/gradus_pictures/d' CMakeLists.txt
fails "error: the build failed (see build/run.log); fix the error, then ./run program continues the build" \
  ./run program "my file.cpp"
