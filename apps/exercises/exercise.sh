# exercise.sh: the command `./run exercise`, which run reads. Each exercise is a folder here: the student
# begins with stub.cpp, test.cpp checks what was written, its first lines are hints, and solution.cpp is
# a solution. What the student writes is in exercises/, with the number of failures, or "solved", in
# exercises/.state.
# shellcheck shell=sh
sources=$root/apps/exercises
written=$root/exercises

# The numbers of all exercises, by chapter.
all_exercises() { (cd "$sources" && ls -d [0-9]*) | sort -t . -k 1,1n -k 2,2n; }

title_of() { sed -n '1 { s|^// Exercise [0-9.]*: ||; s|\.$||; p; }' "$sources/$1/stub.cpp"; }

state_of_exercise() { cat "$written/.state/$1" 2>/dev/null || echo 0; }

list_exercises() {
  for exercise in $(all_exercises); do
    case $(state_of_exercise "$exercise") in
      solved) mark='solved' ;;
      [1-9]*) mark='failed' ;;
      *) [ -e "$written/$exercise.cpp" ] && mark='begun' || mark= ;;
    esac
    printf '%-6s %-7s %s\n' "$exercise" "$mark" "$(title_of "$exercise")"
  done
}

hint_of() { sed -n '/^\/\/ /!q; s|^// ||p' "$sources/$1/test.cpp"; }

# count_failure NUMBER: counts a failure, of the compiler or of the check, unless nothing was written yet.
count_failure() {
  failures=$(state_of_exercise "$1")
  [ "$failures" != solved ] || failures=0
  cmp -s "$sources/$1/stub.cpp" "$written/$1.cpp" || failures=$((failures + 1))
  echo "$failures" >"$written/.state/$1"
}

# check NUMBER: compiles and runs what is written.
check() {
  compile "$sources/$1/test.cpp" "$build/programs/exercise_$1" "-DEXERCISE=\"$written/$1.cpp\"" || return 2
  "$build/programs/exercise_$1" || return 1
  echo solved >"$written/.state/$1"
}

# Says of each exercise that is written whether it is solved, or what is wrong.
check_all() {
  mkdir -p "$written/.state"
  build_for_programs
  unsolved=
  for exercise in $(all_exercises); do
    [ -e "$written/$exercise.cpp" ] || continue
    status=0
    check "$exercise" >"$build/programs/output" 2>&1 || status=$?
    case $status in
      0) verdict=solved ;;
      1) verdict=$(tail -n 1 "$build/programs/output") ;;
      *) verdict="doesn't compile" ;;
    esac
    [ "$status" = 0 ] || {
      unsolved=yes
      # An exercise that was solved no longer is; other failures are attempts only where one exercise is checked.
      [ "$(state_of_exercise "$exercise")" != solved ] || count_failure "$exercise"
    }
    printf '%-6s %s\n' "$exercise" "$verdict"
  done
  [ -z "$unsolved" ] || exit 1
}

exercise() {
  case ${1-} in
    '') list_exercises && return ;;
    all)
      [ $# = 1 ] || usage_error "exercise all takes no options"
      check_all
      return
      ;;
  esac
  case " $(all_exercises | tr '\n' ' ')" in
    *" $1 "*) ;;
    *) usage_error "unknown exercise '$1': ./run exercise lists them" ;;
  esac
  case $#${2-} in
    1) ;;
    2--hint)
      hint_of "$1"
      return
      ;;
    2--solution)
      cat "$sources/$1/solution.cpp"
      return
      ;;
    *) usage_error "unexpected '$2' after exercise $1: the options are --hint and --solution" ;;
  esac
  mkdir -p "$written/.state"
  [ -e "$written/$1.cpp" ] || {
    cp "$sources/$1/stub.cpp" "$written/$1.cpp"
    echo "exercises/$1.cpp is new: write your code there"
  }
  build_for_programs
  title_of "$1"
  if check "$1"; then
    echo solved
    return
  fi
  count_failure "$1"
  [ "$(state_of_exercise "$1")" -lt 2 ] || hint_of "$1"
  fail "exercise $1 is not solved yet: change exercises/$1.cpp, then run ./run exercise $1 again"
}
