#!/usr/bin/env python3
"""each_file.py BUILD: each file that BUILD compiles passes its compiler by itself, which makes no code."""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys


def check(entry):
    """What the compiler says where it's not content."""
    command = re.sub(r" -o \S+", " -fsyntax-only", entry["command"])
    result = subprocess.run(command, shell=True, cwd=entry["directory"], capture_output=True, text=True)
    return result.stderr if result.returncode else ""


entries = {}
for entry in json.loads(pathlib.Path(sys.argv[1], "compile_commands.json").read_text()):
    if "/tests/" in entry["file"] or "/examples/" in entry["file"] or entry["file"].startswith(entry["directory"]):
        continue  # other stages compile those
    entries.setdefault(entry["file"], entry)  # a file in several programs, once
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    messages = [message for message in pool.map(check, entries.values()) if message]
sys.exit("".join(messages) or None)
