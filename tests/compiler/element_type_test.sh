#!/bin/sh
# element_type_test.sh COMPILER SOURCE: a tensor of a wrong element type is one error of the compiler,
# which names the types that there are.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
for use in 'Tensor::from({1u, 2u})' 'Tensor::from({{"a"}})' \
  'Tensor::from(std::vector<int>{1}, {1})' 'Tensor::zeros({1}).data<short>()' \
  'Tensor::zeros({1}).mutable_data<char>()' 'Tensor::zeros({1}).to_vector<int>()'; do
  printf '#include "core/tensor.hpp"\nusing namespace gradus;\nvoid use() { (void)%s; }\n' "$use" >"$work/use.cpp"
  if "$1" -std=c++20 -fsyntax-only -I"$2" "$work/use.cpp" 2>"$work/errors"; then
    echo "compiled: $use"
    exit 1
  fi
  if [ "$(grep -c 'error:' "$work/errors")" != 1 ] ||
    ! grep -q 'error:.*a tensor holds float, double, int64_t or bool' "$work/errors"; then
    echo "$use:"
    cat "$work/errors"
    exit 1
  fi
done
