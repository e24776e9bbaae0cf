#!/usr/bin/env python3
"""each_file.py BUILD: compiles each file and header of the library and the programs separately with
BUILD's compiler.

This checks that each includes what it needs, although several are usually compiled together, and gives
no warning. No code is generated. Slow headers that many files include are precompiled once, for the
files that include them directly or indirectly.
"""

import concurrent.futures
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLOW = ["fmt/format.h", "core/tensor.hpp", "layers/module.hpp", "nlohmann/json.hpp"]


@functools.cache
def headers_of(file):
    """All headers that the file includes, also through Gradus's own headers."""
    found = set()
    for header in re.findall(r'^#include ["<]([^">]+)[">]', (ROOT / file).read_text(), re.M):
        found.add(header)
        if (ROOT / header).is_file():
            found |= headers_of(header)
    return found


def options_of(entry):
    """The options without the file, the output and -O, which don't matter here."""
    words = shlex.split(entry["command"])
    at = words.index("-o")
    return [word for word in words[1:at] if not word.startswith("-O")]


class Compiler:
    """Checks files; precompiles each set of slow headers when a file first needs it."""

    def __init__(self, entries, folder):
        self.program = shlex.split(entries[0]["command"])[0]
        shared = set.intersection(*(set(options_of(entry)) for entry in entries))
        self.options = [word for word in options_of(entries[0]) if word in shared]
        self.folder = folder
        self.precompiled = {}
        self.lock = threading.Lock()

    def headers(self, names):
        """The path of the precompiled headers."""
        with self.lock:
            if names not in self.precompiled:
                source = self.folder / f"{len(self.precompiled)}.hpp"
                source.write_text("".join(f"#include <{name}>\n" for name in names))
                subprocess.run([self.program, *self.options, "-w", "-x", "c++-header", source, "-o", f"{source}.pch"],
                               check=True)
                self.precompiled[names] = f"{source}.pch"
            return self.precompiled[names]

    def check(self, entry):
        """The compiler's messages if there is an error."""
        own = [word for word in options_of(entry) if word not in self.options]
        slow = tuple(name for name in SLOW if name in headers_of(entry["file"]))
        own += ["-include-pch", self.headers(slow)] if slow else []
        own += ["-fsyntax-only", "-Wno-pragma-once-outside-header", "-x", "c++", entry["file"]]
        result = subprocess.run([self.program, *self.options, *own], cwd=entry["directory"], capture_output=True,
                                text=True)
        return result.stderr if result.returncode else ""


entries = {}
for entry in json.loads(pathlib.Path(sys.argv[1], "compile_commands.json").read_text()):
    if "/tests/" in entry["file"] or "/examples/" in entry["file"] or entry["file"].startswith(entry["directory"]):
        continue  # other stages compile these
    entries.setdefault(entry["file"], entry)  # a file of several programs is checked once
# The header of a file is checked with it, as its first include; headers without a file are checked
# separately.
for room in ("core", "layers", "optim", "data", "apps"):
    for header in (ROOT / room).rglob("*.hpp"):
        if not header.with_suffix(".cpp").exists():
            near = next(entry for file, entry in entries.items() if file.startswith(str(ROOT / room)))
            entries[str(header)] = near | {"file": str(header)}
with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    compiler = Compiler(list(entries.values()), pathlib.Path(folder))
    messages = [message for message in pool.map(compiler.check, entries.values()) if message]
sys.exit("".join(messages) or None)
