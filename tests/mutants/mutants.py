#!/usr/bin/env python3
"""mutants.py ROOM [--count N] [--seed S] [--only TEXT] [--folder DIR]: which single mutations of a room's sources
the quick tests miss.

A mutation changes one operator, constant or bound, or leaves a statement out. N of them are drawn by
the seed, with --only from the files whose path contains TEXT. They are built all at once, each behind a
switch (mutant.hpp), in DIR (build-mutants by default), a copy of the tree. Each test that reaches a
mutation is then run with it switched on, until one fails: it is noticed. What survives is printed with
its place, and to be looked at: either it changes nothing (write it into equivalent.txt with the reason),
or a test is missing.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import dataclasses
import json
import math
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

# The sources of each room, and the programs of its quick tests.
ROOMS = {
    "ops": (["core/ops/**/*.cpp", "core/autograd.cpp"], ["unit", "conformance"]),
    "layers": (["layers/**/*.cpp"], ["unit", "conformance"]),
    "optim": (["optim/algorithms/*.cpp", "optim/schedules/*.cpp"], ["unit", "conformance"]),
    "train": (["train/*.cpp"], ["unit", "program_tests"]),
}

# Operators between blanks, where clang-format puts binary ones, and what stands in their place.
OPERATORS = {
    "+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "&&": "||", "||": "&&", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=",
}
WORDS = {"true": "false", "false": "true", "std::max": "std::min", "std::min": "std::max",
         "std::floor": "std::ceil", "std::ceil": "std::floor", "std::any_of": "std::all_of",
         "std::all_of": "std::any_of", "break": "continue"}
# What can't be chosen at run time, or isn't a computation.
SKIPPED = re.compile(r"\b(static_assert|constexpr|consteval|template|using|namespace|case|default|typedef|static|"
                     r"enum|class|struct|concept|requires|extern|operator|friend)\b|^#")
# A message or an error's text: tests of texts are another matter.
MESSAGES = re.compile(r"\b(require|fail|misuse|file_error|throw|wrong|refuse)\b")

# Seconds of processor time of tests that are run for a mutation, the quickest first.
ENOUGH = 30.0

# The mutated text of mutation n counts as line OWN_LINES + n of its file, so that the compiler's errors name it.
OWN_LINES = 1_000_000

Segment = collections.namedtuple("Segment", "begin end kind")


@dataclasses.dataclass
class Mutation:
    file: str
    line: int
    begin: int      # of the text that is replaced by a choice: an expression or a statement
    end: int
    kind: str       # "expression", "condition" or "statement"
    original: str
    mutated: str
    change: str     # for people
    shown: str      # for people: the original, of a break or continue with its condition
    number: int = 0

    def name(self):
        return f"{self.file}: {self.change} in: {' '.join(self.shown.split())}"

    def text(self, original):
        """The choice between the mutated text and `original`: this mutation's, or a choice of others at its place."""
        switch = f"::gradus::testing::mutant({self.number})"
        mutated = f"\n#line {OWN_LINES + self.number}\n{self.mutated}\n#line {self.line}\n"
        if self.kind == "statement":
            return f"if ({switch}) {{{mutated}}} else {{ {original} }}"
        if self.kind == "condition":
            return f"({switch} ? static_cast<bool>({mutated}) : static_cast<bool>({original}))"
        return f"({switch} ? ({mutated}) : ({original}))"


def blanked(text):
    """The text with comments, characters of literals and preprocessor lines made blank: places stay."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^#[^\n]*(?:\\\n[^\n]*)*'
    blank = lambda match: re.sub(r"[^\n\"]", "_", match[0]) if match[0][0] in "\"R'" else re.sub(r"[^\n]", " ", match[0])
    return re.sub(pattern, blank, text, flags=re.S | re.M)


def segments(code):
    """Statements and conditions: (begin, end, kind), each without braces and with its brackets in pairs."""
    found = []
    stack, start = [], 0
    for at, c in enumerate(code):
        if c in "([":
            stack.append((c, at))
        elif c in ")]":
            if stack and stack[-1][0] in "([":
                opened = stack.pop()[1]
                before = code[:opened].rstrip()
                if c == ")" and re.search(r"\b(if|while)$", before) and "{" not in code[opened:at]:
                    found.append(Segment(opened + 1, at, "condition"))
                    if not stack or stack[-1][0] == "{":
                        start = at + 1
                elif c == ")" and before.endswith("for"):
                    parts = code[opened + 1:at].split(";")
                    if len(parts) == 3 and "{" not in code[opened:at]:
                        first = opened + 1 + len(parts[0]) + 1
                        found.append(Segment(first, first + len(parts[1]), "condition"))
                    if not stack or stack[-1][0] == "{":
                        start = at + 1
        elif c == "{":
            stack.append((c, at))
            start = at + 1
        elif c == "}":
            while stack and stack.pop()[0] != "{":
                pass
            start = at + 1
        elif c == ";" and (not stack or stack[-1][0] == "{"):
            found.append(Segment(start, at, "statement"))
            start = at + 1
    return found


def parts_of(code, segment):
    """What of a segment is mutated, as (begin, end, kind); nothing of declarations without a value."""
    text = code[segment.begin:segment.end]
    body = text.lstrip()
    begin = segment.begin + len(text) - len(body)
    body = body.rstrip()
    end = begin + len(body)
    if not body or "{" in body or "}" in body or SKIPPED.search(body):
        return None
    if body.count("(") != body.count(")") or body.count("[") != body.count("]"):
        return None
    if segment.kind == "condition":
        return None if ";" in body or re.search(r"(?<![=!<>])=(?!=)", body) else (begin, end, "condition")
    if body.startswith("else"):
        begin += 4 + len(body[4:]) - len(body[4:].lstrip())
        body = code[begin:end]
    if MESSAGES.match(body):
        return None
    if body.startswith("return"):
        value = body[6:].lstrip()
        return (end - len(value), end, "expression") if value else None
    if body in ("break", "continue"):
        return begin, end + 1, "statement"
    depth = 0
    for at, c in enumerate(body):
        depth += (c in "([") - (c in ")]")
        if depth == 0 and re.match(r" =\s", body[at:at + 3]):
            left = body[:at]
            if is_declaration(left):
                if left.count(",") or "," in without(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>\s][^<>]*>", body[at:]):
                    return None
                return begin + at + 3, end, "expression"
            return begin, end + 1, "statement"
    if is_declaration(body):
        return None
    return begin, end + 1, "statement"


def is_declaration(text):
    """Whether it is "TYPE name", perhaps with arguments of a constructor."""
    plain = without(r"<[^<>]*>", text)
    return bool(re.match(r"const\b|auto\b|(?!delete\b|return\b)[\w:]+[&*]* [&*]*\w+\s*(\(|,|$)", plain))


def without(pattern, text):
    """The text without matches of the pattern, innermost first."""
    while (shorter := re.sub(pattern, "", text)) != text:
        text = shorter
    return text


def number_changes(literal):
    if re.fullmatch(r"\d+", literal):
        return str(int(literal) + 1)
    if re.fullmatch(r"\d+\.\d*f?|\d*\.\d+f?|\d+f", literal):
        suffix = "f" if literal.endswith("f") else ""
        return f"{float(literal.rstrip('f')) * 2 + 1}{suffix}"
    return None


def mutations_of(file):
    text = (ROOT / file).read_text()
    code = blanked(text)
    for segment in segments(code):
        part = parts_of(code, segment)
        if not part:
            continue
        begin, end, kind = part
        original = text[begin:end]
        line = text.count("\n", 0, begin) + 1
        if "//" in original:
            continue
        shown = re.search(r"[^;{}]*$", code[:begin])[0] + original if original in ("break;", "continue;") else original

        def with_change(at, old, new):
            mutated = original[:at] + new + original[at + len(old):]
            nth = original[:at].count(old) + 1
            return Mutation(file, line, begin, end, kind, original, mutated.replace("\n", " "),
                            f"{old} → {new or 'nothing'} (no. {nth})", shown)
        own = code[begin:end]
        for match in re.finditer(r"(?<= )(\+=|-=|\*=|/=|<=|>=|==|!=|&&|\|\||[+\-*/<>])(?= |\n)", own):
            yield with_change(match.start(), match[0], OPERATORS[match[0]])
        for match in re.finditer(r"(?<![\w:])(" + "|".join(map(re.escape, WORDS)) + r")(?![\w:])", own):
            yield with_change(match.start(), match[0], WORDS[match[0]])
        for match in re.finditer(r"(?<![\w.])(\d+\.?\d*f?)(?![\w.])", own):
            if new := number_changes(match[0]):
                yield with_change(match.start(), match[0], new)
        for match in re.finditer(r"(?<![\w!])!(?=[\w(])", own):
            yield with_change(match.start(), "!", "")
        if kind == "statement" and not own.startswith(("break", "continue")):
            yield Mutation(file, line, begin, end, kind, original, "", "left out", shown)
        if segment.kind == "condition":
            yield Mutation(file, line, begin, end, kind, original, f"!({original})".replace("\n", " "), "negated", shown)


def write_mutated(folder, chosen):
    """The files of `chosen` in `folder`, each mutation behind its switch; one that lies in another waits for none."""
    by_file = collections.defaultdict(list)
    for mutation in chosen:
        by_file[mutation.file].append(mutation)
    for file, all_of_it in by_file.items():
        text = (ROOT / file).read_text()
        places = collections.defaultdict(list)
        for mutation in all_of_it:
            places[mutation.begin, mutation.end].append(mutation)
        for (begin, end), several in sorted(places.items(), reverse=True):
            result = several[0].original
            for mutation in several:
                result = mutation.text(result)
            text = text[:begin] + result + text[end:]
        (folder / file).write_text(f'#include "tests/mutants/mutant.hpp"\n#line 1 "{folder / file}"\n{text}')


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def configure(folder):
    files = run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"], check=True).stdout.split("\n")
    for file in filter(None, files):
        source, target = ROOT / file, folder / file
        if not source.is_file():
            continue
        text = source.read_bytes()
        if not target.exists() or target.read_bytes() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    result = run(["cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                  "-DCMAKE_CXX_FLAGS_DEBUG=", "-DCMAKE_CXX_FLAGS=-O1 -w"], env=os.environ | {"CI": ""})
    if result.returncode != 0:
        sys.exit(result.stdout + result.stderr)


def build(folder, targets):
    return run(["cmake", "--build", folder / "build", "--target", *targets, "--", "-k", "0"])


def outermost(mutations):
    """Those that don't overlap another: of two texts in one another the first drawn stays."""
    kept = []
    for mutation in mutations:
        if all(mutation.file != other.file or (mutation.begin, mutation.end) == (other.begin, other.end) or
               mutation.end <= other.begin or other.end <= mutation.begin for other in kept):
            kept.append(mutation)
    return kept


def files_of(room):
    return sorted({path.relative_to(ROOT).as_posix() for pattern in ROOMS[room][0] for path in ROOT.glob(pattern)})


def draw(room, seed, only=""):
    files = [file for file in files_of(room) if only in file]
    everything = [mutation for file in files for mutation in mutations_of(file)]
    random.Random(seed).shuffle(everything)
    return outermost(everything), len(everything)


def build_mutants(folder, pool, count, targets):
    """The first `count` of the pool that compile, built."""
    chosen, rest, number = [], list(pool), 0
    refused = 0
    wanted = count + count // 6  # Some don't compile, and a second build takes minutes.
    while True:
        while len(chosen) < wanted and rest:
            number += 1
            chosen.append(rest.pop(0))
            chosen[-1].number = number
        wanted = count
        for file in {mutation.file for mutation in pool}:
            shutil.copy(ROOT / file, folder / file)
        write_mutated(folder, chosen)
        result = build(folder, targets)
        if result.returncode == 0:
            return chosen[:count], refused
        output = result.stdout + result.stderr
        places = set(re.findall(rf"{re.escape(str(folder))}/([\w/.]+):(\d+):\d+: error", output))
        def is_broken(mutation):
            if (mutation.file, str(OWN_LINES + mutation.number)) in places:
                return True
            last = mutation.line + mutation.original.count("\n")
            return any(file == mutation.file and mutation.line <= int(line) <= last for file, line in places)
        broken = [mutation for mutation in chosen if is_broken(mutation)]
        if not broken:  # a declaration before the error, perhaps
            before = [mutation for mutation in chosen for file, line in places
                      if file == mutation.file and mutation.line <= int(line)]
            broken = sorted(before, key=lambda mutation: -mutation.line)[:1]
        if not broken:
            sys.exit(f"the mutated sources don't compile:\n{output[-3000:]}")
        refused += len(broken)
        chosen = [mutation for mutation in chosen if mutation not in broken]


def tests_of(folder, programs):
    listed = run(["ctest", "--show-only=json-v1", "-LE", "slow"], cwd=folder / "build", check=True).stdout
    tests = []
    for test in json.loads(listed)["tests"]:
        if "command" in test and Path(test["command"][0]).name in programs:
            tests.append((test["name"], test["command"]))
    return tests


def execute(command, folder, number=0, reached=None, limit=ENOUGH):
    """Whether a test passes, and its seconds of processor time, the same on a busy machine; no end is infinite."""
    environment = os.environ | {"GRADUS_MUTANT": str(number)}
    if reached:
        environment["GRADUS_MUTANTS_REACHED"] = reached
    # A group of its own, so that what it started ends with it.
    process = subprocess.Popen(command, cwd=folder / "build/tests", env=environment, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # An endless loop ends at the limit, and what waits for ever at ten times the limit.
    resource.prlimit(process.pid, resource.RLIMIT_CPU, (math.ceil(limit),) * 2)
    deadline = time.monotonic() + 10 * limit
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.005)
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode < 0:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        return False, math.inf
    return process.returncode == 0, ended[2].ru_utime + ended[2].ru_stime


def map_tests(folder, tests):
    """What each test reaches, and how long it takes: {number: [(seconds, command)]}."""
    reaching = collections.defaultdict(list)

    def one(test):
        with tempfile.NamedTemporaryFile() as reached:
            passed, seconds = execute(test[1], folder, reached=reached.name, limit=ENOUGH)
            if not passed:
                reason = "too slow" if seconds == math.inf else "fails without a mutation"
                print(f"left out, {reason}: {test[0]}", flush=True)
                return test, seconds, set()
            return test, seconds, {int(line) for line in Path(reached.name).read_text().split()}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, command), seconds, numbers in pool.map(one, tests):
            for number in numbers:
                reaching[number].append((seconds, name, command))
    return {number: sorted(all_of_them, key=lambda one: one[:2]) for number, all_of_them in reaching.items()}


def equivalent_names():
    return {line for line in (HERE / "equivalent.txt").read_text().splitlines() if line and line[0] != "#"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="TEXT")
    parser.add_argument("--folder", type=Path, default=ROOT / "build-mutants")
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)

    equivalent = equivalent_names()
    pool, possible = draw(options.room, options.seed, options.only)
    configure(folder)
    chosen, refused = build_mutants(folder, pool, options.count, ROOMS[options.room][1])
    print(f"{options.room}: {possible} possible, {len(chosen)} drawn and built ({refused} others don't compile)",
          flush=True)
    reaching = map_tests(folder, tests_of(folder, ROOMS[options.room][1]))

    def survives(mutation):
        total = 0.0
        for seconds, _, command in reaching.get(mutation.number, []):
            total += seconds
            if total > ENOUGH:
                break
            if not execute(command, folder, mutation.number, limit=10 * seconds + 10)[0]:
                return False
        if mutation.name() not in equivalent:
            what = "survives" if mutation.number in reaching else "not reached"
            print(f"{what}: line {mutation.line} of {mutation.name()}", flush=True)
        return True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as executor:
        survivors = [mutation for mutation, survived in zip(chosen, executor.map(survives, chosen)) if survived]
    same = [mutation for mutation in survivors if mutation.name() in equivalent]
    counted = len(chosen) - len(same)
    noticed = len(chosen) - len(survivors)
    print(f"{options.room}: {len(chosen)} made, {len(same)} of them change nothing, {noticed} of {counted} noticed: "
          f"{100 * noticed / counted:.1f} %")
    return 0 if noticed >= 0.95 * counted else 1


if __name__ == "__main__":
    sys.exit(main())
