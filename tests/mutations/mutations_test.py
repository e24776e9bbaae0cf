#!/usr/bin/env python3
"""mutations_test.py: applies mutations to the library and checks that the experiment's test fails.

tests/apps/lab/experiments/CHAPTER/NAME.mutations.json lists mutations of the library: a description,
the file, and the text to replace. Without --all only the first mutation of each experiment is tried;
--list only checks that each experiment has mutations and that their files contain the texts.

check.mutations.json lists mutations for `gradus check`, with what it must print of the built-in suite and
of timed_suite.json, as regular expressions. fingerprint.mutations.json lists those that `gradus fingerprint
--check` must notice, with what it must print. All are tried. A mutation of a header names the file that is
compiled with it.
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
HERE = ROOT / "tests/mutations"


def mutations() -> list[dict]:
    """All mutations, each with the file name of its experiment; exits if one is invalid."""
    experiments = {path.stem for path in (ROOT / "apps/lab/experiments").rglob("*.cpp")}
    found, errors = [], []
    for path in sorted([*TESTS.rglob("*.mutations.json"), *HERE.glob("*.mutations.json")]):
        name = path.name.removesuffix(".mutations.json")
        experiments.discard(name)
        for index, mutation in enumerate(json.loads(path.read_text())):
            count = (ROOT / mutation["file"]).read_text().count(mutation["find"])
            if count != 1:
                errors.append(f"{path.name}: {mutation['file']} must contain '{mutation['find']}' "
                              f"once, got {count} times")
            found.append(mutation | {"experiment": name, "first": index == 0 or name in OF_PROGRAM})
    errors += [f"{name} has no mutations" for name in sorted(experiments)]
    if errors:
        sys.exit("\n".join(errors))
    return found


def compile_command(build: Path, file: str, mutated: Path, target: Path) -> list[str]:
    """The command that compiles `file`, or its group of files, with `mutated` in its place; headers in
    the folder of `mutated` replace those of the tree."""
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
        # Compiles faster and ignores warnings that the mutation may cause. Precompiled headers can't
        # be used with other options.
        words[words.index("-o") + 1] = str(target)
        words = [{"-O3": "-O1", "-Werror": "-w", "-Winvalid-pch": "-w"}.get(w, w) for w in words]
        words = [str(group) if word == entry["file"] else word for word in words]
        return [word for old in words
                for word in ([f"-I{mutated.parent}", old] if old == f"-I{ROOT}" else [old])]
    sys.exit(f"{file} isn't compiled")


def failed_test(mutation: dict, program: str, folder: str) -> str:
    """The reason why the experiment's test doesn't detect the mutation, or ""."""
    tests = subprocess.run(
        [program, "--abort-after=1",
         f"--source-file=*experiments/*/{mutation['experiment']}_test.cpp"],
        cwd=folder, capture_output=True, text=True)
    if tests.returncode == 0:
        return "its test passes"
    return "" if "ERROR" in tests.stdout else f"no test failed: {tests.stdout[-300:]}"


def failed_suites(mutation: dict, program: str, folder: str) -> str:
    """The first output of `gradus check` that isn't the expected one, or ""."""
    for suite, operands in (("built_in", []), ("timed", [str(HERE / "timed_suite.json")])):
        expected = mutation[suite]
        result = subprocess.run([program, "check", "--quiet", *operands], cwd=folder,
                                capture_output=True, text=True)
        if (result.returncode != (3 if "failed: " in expected else 0)
                or not re.search(expected, result.stdout, re.MULTILINE)):
            return (f"expected '{expected}' of the suite {suite}, got exit code "
                    f"{result.returncode}: {result.stdout}{result.stderr}")
    return ""


def failed_fingerprint(mutation: dict, program: str, folder: str) -> str:
    """The output of `gradus fingerprint --check` if it isn't the expected one, or ""."""
    result = subprocess.run([program, "fingerprint", "--check"], cwd=folder, capture_output=True,
                            text=True)
    expected = mutation["fingerprint"]
    if (result.returncode == (3 if "got" in expected else 0)
            and re.search(expected, result.stdout, re.MULTILINE)):
        return ""
    return f"expected '{expected}', got exit code {result.returncode}: {result.stdout}{result.stderr}"


OF_PROGRAM = {"check": failed_suites, "fingerprint": failed_fingerprint}


def survives(mutation: dict, build: Path) -> str:
    """The reason why the mutation was not detected, or ""."""
    name, changed = mutation["experiment"], mutation["file"]
    compiled = mutation.get("compiled", changed)
    link = build / "tests" / ("mutated_program_link" if name in OF_PROGRAM else "mutated_link")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / Path(compiled).name, Path(folder) / "mutated.o"
        source.write_text((ROOT / compiled).read_text())
        mutated = source if compiled == changed else Path(folder) / changed
        mutated.parent.mkdir(parents=True, exist_ok=True)
        mutated.write_text((ROOT / changed).read_text().replace(mutation["find"], mutation["replace"]))
        for command in (compile_command(build, compiled, source, target),
                        # Its definitions take precedence over those of the library.
                        [word.replace("MUTATED", str(target))
                         for word in shlex.split(link.read_text())] + ["-o", f"{folder}/mutated"]):
            result = subprocess.run(command, cwd=build, capture_output=True, text=True)
            if result.returncode != 0:
                return f"can't be built: {result.stderr.strip()}"
        return OF_PROGRAM.get(name, failed_test)(mutation, f"{folder}/mutated", folder)


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
            print(f"{mutation['experiment']}: {mutation['what']}: {reason or 'ok'}", flush=True)
            missed += reason != ""
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
