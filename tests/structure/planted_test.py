#!/usr/bin/env python3
"""planted_test.py: checks that structure_test.py finds each kind of fault."""

import pathlib
import subprocess
import sys
import tempfile

TREE = {
    "core/shape.hpp": '#include "core/ops/shape.hpp"\n',
    "core/ops/shape.hpp": "struct Extent {\n",
    "core/one.hpp": "",
    "core/one.cpp": '#include "core/two.hpp"\n',
    "core/two.hpp": '#include "core/one.hpp"\n',
    "layers/dense.hpp": '#include "data/loader.hpp"\n',
    "data/loader.hpp": "class Extent {\n",
    "data/sets/one.hpp": "",
    "train/fit.cpp": "std::log(x); std::abs(x); math::log(x);",
    "apps/pictures/axis.cpp": "std::log10(x);",
    "tests/one_test.cpp": 'TEST_CASE(\n    "cut; off") {\nTEST_CASE("whole") {\n',
    **{f"optim/search/way{i}.cpp": "" for i in range(21)},
}

FAULTS = """\
core/shape includes core/ops/shape, which is above it or beside it
layers/dense includes data/loader, which is above it or beside it
circle of includes: core/one, core/two
optim/search contains 21 units, more than 20
the file name one is used by core/one, data/sets/one
the type Extent is defined in core/ops/shape, data/loader
train/fit.cpp calls std::log, whose bits differ between machines
tests/one_test.cpp has a test whose name CMake cuts at its semicolon: cut; off
"""

with tempfile.TemporaryDirectory() as root:
    for name, text in TREE.items():
        path = pathlib.Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    test = pathlib.Path(__file__).with_name("structure_test.py")
    result = subprocess.run([sys.executable, test, root], capture_output=True, text=True, check=False)
if (result.returncode, result.stdout) != (1, FAULTS):
    sys.exit(f"structure_test.py found, with the exit code {result.returncode}:\n{result.stdout}{result.stderr}")
