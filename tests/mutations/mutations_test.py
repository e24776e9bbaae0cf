#!/usr/bin/env python3
"""Breaks the library once for each known mutation and sees that the experiment's test fails.

tests/apps/lab/experiments/CHAPTER/NAME.mutations.json lists mutations of the library: what each
does, and in which file which text becomes which. Without --all the first of each experiment is
tried; with --list it is only checked that each has some and that their texts stand where they
should.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests/apps/lab/experiments"


def mutations() -> list[dict]:
    """All of them, each with the name of its experiment's file; exits where one can't be made."""
    experiments = {path.stem for path in (ROOT / "apps/lab/experiments").rglob("*.cpp")}
    found, errors = [], []
    for path in sorted(TESTS.rglob("*.mutations.json")):
        name = path.name.removesuffix(".mutations.json")
        experiments.discard(name)
        for index, mutation in enumerate(json.loads(path.read_text())):
            count = (ROOT / mutation["file"]).read_text().count(mutation["find"])
            if count != 1:
                errors.append(f"{path.name}: '{mutation['find']}' stands {count} times in "
                              f"{mutation['file']}")
            found.append(mutation | {"experiment": name, "first": index == 0})
    errors += [f"{name} has no mutations" for name in sorted(experiments)]
    if errors:
        sys.exit("\n".join(errors))
    return found


def compile_command(build: Path, file: str, mutated: Path, target: Path) -> list[str]:
    """Compiles what `file` is compiled in, with `mutated` in its place: the file, or its group."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source, words = Path(entry["file"]), shlex.split(entry["command"])
        if not re.match(r"CMakeFiles/gradus(_light)?\.dir/", words[words.index("-o") + 1]):
            continue
        if source.suffix == ".cxx" and f'#include "{ROOT / file}"' in source.read_text():
            group = mutated.with_suffix(".cxx")
            group.write_text(source.read_text().replace(str(ROOT / file), str(mutated)))
        elif source == ROOT / file:
            group = mutated
        else:
            continue
        # Compiled faster, and in spite of the warnings that a mistake may deserve. What was
        # precompiled isn't, for other options.
        words[words.index("-o") + 1] = str(target)
        words = [{"-O3": "-O1", "-Werror": "-w", "-Winvalid-pch": "-w"}.get(w, w) for w in words]
        return [str(group) if word == entry["file"] else word for word in words]
    sys.exit(f"{file} isn't compiled")


def survives(mutation: dict, build: Path) -> str:
    """Why the mutation went unnoticed, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / Path(mutation["file"]).name, Path(folder) / "mutated.o"
        source.write_text((ROOT / mutation["file"]).read_text().replace(
            mutation["find"], mutation["replace"]))
        for command in (compile_command(build, mutation["file"], source, target),
                        # What it defines comes before the library's own.
                        [word.replace("MUTATED", str(target)) for word in shlex.split(
                            (build / "tests/mutated_link").read_text())] +
                        ["-o", f"{folder}/mutated"]):
            result = subprocess.run(command, cwd=build, capture_output=True, text=True)
            if result.returncode != 0:
                return f"can't be built: {result.stderr.strip()}"
        tests = subprocess.run(
            [f"{folder}/mutated", "--abort-after=1",
             f"--source-file=*experiments/*/{mutation['experiment']}_test.cpp"],
            cwd=folder, capture_output=True, text=True)
        if tests.returncode == 0:
            return "its test passes"
        return "" if "ERROR" in tests.stdout else f"no test failed: {tests.stdout[-300:]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="only check the lists")
    parser.add_argument("--all", action="store_true", help="try every mutation")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("names", nargs="*", help="of experiments' files (default: all)")
    arguments = parser.parse_args()
    chosen = [m for m in mutations() if not arguments.names or m["experiment"] in arguments.names]
    if arguments.list:
        return print(f"{len(chosen)} mutations")
    if not arguments.all and not arguments.names:
        chosen = [m for m in chosen if m["first"]]
    missed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        reasons = threads.map(lambda mutation: survives(mutation, arguments.build), chosen)
        for mutation, reason in zip(chosen, reasons):
            print(f"{mutation['experiment']}: {mutation['what']}: {reason or 'caught'}", flush=True)
            missed += reason != ""
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
