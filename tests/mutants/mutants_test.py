#!/usr/bin/env python3
"""mutants_test.py: which mutations mutants.py makes of a source, how they are switched, and that it makes all of
equivalent.txt."""

import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import mutants  # noqa: E402

SOURCE = '''#include "a.hpp"
// a + b in a comment
int f(int a, int b) {
  const int c =
      a + 1;
  if (a < b) return c * 3;
  values.push_back(a);
  require(a > 0, "a > b");
  static constexpr int d = 2 + 2;
  for (int i = 0; i <= b; ++i) total += i;
  while (c) if (total > 9) break;
  return !a && b ? c : 0;
}
'''

EXPECTED = {
    "+ → - (no. 1) in: a + 1", "1 → 2 (no. 1) in: a + 1",
    "< → <= (no. 1) in: a < b", "negated in: a < b",
    "* → / (no. 1) in: c * 3", "3 → 4 (no. 1) in: c * 3",
    "left out in: values.push_back(a);",
    "<= → < (no. 1) in: i <= b", "negated in: i <= b",
    "+= → -= (no. 1) in: total += i;", "left out in: total += i;",
    "negated in: c", "> → >= (no. 1) in: total > 9", "9 → 10 (no. 1) in: total > 9", "negated in: total > 9",
    "break → continue (no. 1) in: while (c) if (total > 9) break;",
    "&& → || (no. 1) in: !a && b ? c : 0", "0 → 1 (no. 1) in: !a && b ? c : 0",
    "! → nothing (no. 1) in: !a && b ? c : 0",
}


def main():
    possible = {mutation.name() for room in mutants.ROOMS for file in mutants.files_of(room)
                for mutation in mutants.mutations_of(file)}
    if missing := mutants.equivalent_names() - possible:
        sys.exit(f"equivalent.txt names what is no mutation: {sorted(missing)}")

    with tempfile.TemporaryDirectory() as folder:
        mutants.ROOT = Path(folder)
        (mutants.ROOT / "a.cpp").write_text(SOURCE)
        found = list(mutants.mutations_of("a.cpp"))
        names = {mutation.name().removeprefix("a.cpp: ") for mutation in found}
        if names != EXPECTED:
            sys.exit(f"missing: {sorted(EXPECTED - names)}\nunexpected: {sorted(names - EXPECTED)}")

        chosen = [mutation for mutation in found if mutation.original.strip() in ("a < b", "values.push_back(a);")]
        for number, mutation in enumerate(chosen, 1):
            mutation.number = number
        (mutants.ROOT / "out").mkdir()
        mutants.write_mutated(mutants.ROOT / "out", chosen)
        lines = (mutants.ROOT / "out/a.cpp").read_text().split("\n")[2:]
        switch = "::gradus::testing::mutant"
        expected = [f"  if (({switch}(2) ? static_cast<bool>(", "#line 1000002", "!(a < b)", "#line 6",
                    f") : static_cast<bool>(({switch}(1) ? static_cast<bool>(", "#line 1000001", "a <= b", "#line 6",
                    ") : static_cast<bool>(a < b))))) return c * 3;",
                    f"  if ({switch}(3)) {{", "#line 1000003", "", "#line 7", "} else { values.push_back(a); }"]
        if lines[5:5 + len(expected)] != expected:
            sys.exit("\n".join(["lines 6 and 7 are", *lines[5:5 + len(expected)], "not", *expected]))


if __name__ == "__main__":
    main()
