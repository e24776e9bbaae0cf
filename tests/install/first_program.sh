#!/bin/sh
# first_program.sh README: prints the README's first program in C++.
# shellcheck disable=SC2016 # the backquotes aren't a command
sed -n '/^```cpp$/,/^```$/p' "$1" | sed '1d; /^```$/,$d'
