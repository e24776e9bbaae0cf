#!/usr/bin/env python3
"""structure_test.py [ROOT]: checks the includes between folders ("rooms").

A unit is a .cpp with its .hpp. It is an error if
- a unit includes one that is later in ORDER, or in another room of the same floor,
- units include each other in a circle, except those in CIRCLE,
- a folder contains more than 20 units,
- two files have the same name, except those in SUBJECTS,
- two types have the same name,
- a unit calls an elementary function of <cmath>, whose bits differ between machines, instead of core/math's, except in
  OWN_MATH,
- the name of a test has a semicolon: CMake cuts it there, and ctest then runs nothing.
"""

import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])

# The floors from the bottom up, each with its rooms, which are independent of each other. The folders
# and units of a room are in order; what isn't listed belongs to the folder that contains it.
ORDER = [
    [["core/text/split", "core/text/width", "core/text/printable", "core/error", "core/text", "core/kernels/simd", "core", "core/kernels/scratch", "core/kernels/gemm", "core/kernels/conv",
      "core/kernels/norm", "core/kernels", "core/ops", "core/gradcheck", "core/functional", "core/io", "core/linalg"]],
    [["layers", "layers/init", "layers/norm", "layers/attention", "layers/network"],
     ["optim", "optim/algorithms", "optim/schedules", "optim/search"],
     ["data", "data/files", "data/picture", "data/table", "data/sets", "data/transform"]],
    [["train"]],
    [["apps/pictures"]],
    [["apps/lab/experiment", "apps/lab/measure", "apps/lab/draw", "apps/lab/models", "apps/lab/experiments",
      "apps/lab"],
     ["apps/examples"], ["apps/exercises"]],
    [["apps/gradus/cli", "apps/gradus/report", "apps/gradus/run", "apps/gradus/check", "apps/gradus/fingerprint",
      "apps/gradus/search",
      "apps/gradus/predict", "apps/gradus/commands", "apps/gradus", "apps/gradus/bench", "apps/gradus/lab"]],
]

# The operators of a tensor call operations, which create and record tensors.
CIRCLE = {"core/tensor", "core/autograd", "core/ops/elementwise", "core/ops/indexing", "core/ops/detail/checks",
          "core/ops/detail/map",
          "core/ops/detail/window", "core/ops/masks", "core/ops/reduce", "core/ops/shape", "core/ops/detail/unary"}

# An operation, its kernel and its layer may have the same name, as may a command and its function; each program has a
# main, each exercise a stub, a solution and a test.
SUBJECTS = {"activation", "convolution", "dropout", "elementwise", "embedding", "evaluate", "normalization", "pooling",
            "recurrent", "reduce", "shape", "main", "stub", "solution", "test"}

MOST_UNITS = 20
# Pictures aren't promised to the bit; examples and exercises use what their readers know.
OWN_MATH = ("apps/pictures", "apps/examples", "apps/exercises")
# Examples, exercises and experiments are independent of each other.
UNLIMITED = ("apps/examples", "apps/exercises", "apps/lab/experiments")

PLACES = {place: (floor, room, height)
          for floor, rooms in enumerate(ORDER) for room, places in enumerate(rooms)
          for height, place in enumerate(places)}


def place_of(unit):
    parts = unit.split("/")
    while "/".join(parts) not in PLACES:
        parts.pop()
    return PLACES["/".join(parts)]


def read_units():
    units = collections.defaultdict(list)
    for top in ("core", "layers", "optim", "data", "train", "onnx", "apps"):
        for path in sorted((ROOT / top).rglob("*.[ch]pp")):
            units[path.relative_to(ROOT).with_suffix("").as_posix()].append(path)
    return units


def includes_of(units):
    def headers(paths):
        for path in paths:
            yield from re.findall(r'^#include "([^"]+)\.hpp"', path.read_text(), re.M)
    return {unit: sorted({h for h in headers(paths) if h in units} - {unit}) for unit, paths in units.items()}


def upward(includes):
    for unit, targets in includes.items():
        floor, room, height = place_of(unit)
        for target in targets:
            its_floor, its_room, its_height = place_of(target)
            points_up = its_floor > floor or its_floor == floor and (
                its_room != room or its_height > height)
            if points_up and not {unit, target} <= CIRCLE:
                yield f"{unit} includes {target}, which is above it or beside it"


def circles(includes):
    """Tarjan's strongly connected components of more than one unit."""
    number, lowest, stack = {}, {}, []

    def visit(unit):
        number[unit] = lowest[unit] = len(number)
        stack.append(unit)
        for target in includes[unit]:
            if target not in number:
                yield from visit(target)
            if target in stack:
                lowest[unit] = min(lowest[unit], lowest[target])
        if lowest[unit] == number[unit]:
            circle = set(stack[stack.index(unit):])
            del stack[stack.index(unit):]
            if len(circle) > 1 and not circle <= CIRCLE:
                yield "circle of includes: " + ", ".join(sorted(circle))

    for unit in includes:
        if unit not in number:
            yield from visit(unit)


def crowded(units):
    counts = collections.Counter(unit.rpartition("/")[0] for unit in units)
    for folder, count in counts.items():
        if count > MOST_UNITS and not folder.startswith(UNLIMITED):
            yield f"{folder} contains {count} units, more than {MOST_UNITS}"


def shared(what, names):
    for name, places in sorted(names.items()):
        if len(places) > 1:
            yield f"{what.format(name)} {', '.join(sorted(places))}"


def shared_files(units):
    names = collections.defaultdict(set)
    for unit in units:
        name = unit.rpartition("/")[2]
        if name not in SUBJECTS:
            names[name].add(unit)
    return shared("the file name {} is used by", names)


def shared_types(units):
    definition = re.compile(r"^(?:struct|(?:enum )?class) (?:\[\[\w+\]\] )?(\w+)(?: final)?(?: :[^;]*)? \{", re.M)
    names = collections.defaultdict(set)
    for unit, paths in units.items():
        if not unit.startswith(UNLIMITED):
            for path in paths:
                for name in definition.findall(path.read_text()):
                    names[name].add(unit)
    return shared("the type {} is defined in", names)


def foreign_math(units):
    call = re.compile(r"\bstd::(?:exp2?|expm1|log(?:10|1p|2)?|pow|a?(?:sin|cos|tan)h?|atan2|erfc?|[lt]gamma|cbrt|hypot)\b")
    for unit, paths in units.items():
        if not unit.startswith(OWN_MATH):
            for path in paths:
                for name in call.findall(path.read_text()):
                    yield f"{path.relative_to(ROOT)} calls {name}, whose bits differ between machines"


def cut_names():
    for path in sorted((ROOT / "tests").rglob("*_test.cpp")):
        for name in re.findall(r'TEST_CASE\(\s*"([^"\n]*;[^"\n]*)"', path.read_text()):
            yield f"{path.relative_to(ROOT)} has a test whose name CMake cuts at its semicolon: {name}"


def main():
    units = read_units()
    includes = includes_of(units)
    faults = [*upward(includes), *circles(includes), *crowded(units), *shared_files(units), *shared_types(units),
              *foreign_math(units), *cut_names()]
    print("\n".join(faults) or f"{len(units)} units without a fault")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
