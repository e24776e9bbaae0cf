#!/bin/sh
# first_program.sh README: prints the README's first program in C++.
# shellcheck disable=SC2016 # no command is meant
sed -n '/^```cpp$/,/^```$/p' "$1" | sed '1d; /^```$/,$d'
