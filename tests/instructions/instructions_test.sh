#!/bin/sh
# instructions_test.sh PROGRAM COMPILER: fails if training steps execute more than 3 % more instructions
# than in the file counts, or load more than 3 % more lines into the first-level cache (simulated by
# valgrind); it also reports 3 % less. If a change is worth its cost, or saves instructions, this command
# stores the new counts:
#
#   UPDATE=yes ctest --test-dir build -R instructions
#
# Exits with 77 (skipped) without valgrind or AVX2, and with another compiler than that of the counts.
set -eu
program=$1
compiler=$2
counts=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/counts
skip() {
  echo "skipped: $1"
  exit 77
}
command -v valgrind >/dev/null || skip "valgrind is missing"
grep -qw avx2 /proc/cpuinfo || skip "the processor has no AVX2"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# count NETWORK: counts the events in training_steps(): the first is instructions, the fifth and sixth
# are misses of reads and writes.
count() {
  valgrind --tool=callgrind --collect-atstart=no --toggle-collect=training_steps \
    --cache-sim=yes --I1=32768,8,64 --D1=32768,8,64 --LL=8388608,16,64 \
    --callgrind-out-file="$work/$1" "$program" "$1" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; return 1; }
  awk -v network="$1" '/^totals:/ { print network, "instructions", $2; print network, "lines", $6 + $7 }' \
    "$work/$1"
}

echo "compiler $compiler" >"$work/counts"
for network in mlp convolution passes; do
  count "$network" >>"$work/counts"
done
if [ -n "${UPDATE:-}" ]; then
  cp "$work/counts" "$counts"
  exit
fi
grep -qxF "compiler $compiler" "$counts" || skip "the counts are of another $(head -n 1 "$counts")"
awk '
  FNR == 1 { next }
  NR == FNR { before[$1, $2] = $3; next }
  {
    seen++
    change = 100 * ($3 / before[$1, $2] - 1)
    verdict = ""
    if (change > 3) { verdict = ": more than tests/instructions/counts allows"; failed = 1 }
    if (change < -3) verdict = ": less than in tests/instructions/counts; store it with UPDATE=yes"
    printf "%s: %d %s, %+.2f %%%s\n", $1, $3, $2, change, verdict
  }
  END { exit failed || seen != 6 }' "$counts" "$work/counts"
