#!/usr/bin/env python3
"""headers_test.py BUILD COMPILER: each header that BUILD installs compiles alone.

Nearly all the time goes into the standard library and fmt. Most headers get them through one of the
few in COMMON, directly or through another header. Those are precompiled, and what includes one of them
takes it from there: it sees no more than by itself, as a header includes first and declares afterwards.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# What includes another comes first.
COMMON = ["optim/optimizer.hpp", "layers/module.hpp", "optim/options.hpp", "core/tensor.hpp", "core/error.hpp"]


def reached(header, included):
    """All that a header includes, directly or not."""
    seen, left = set(), list(included[header])
    while left:
        other = left.pop()
        if other not in seen:
            seen.add(other)
            left += included[other]
    return seen


def main(build, compiler):
    with tempfile.TemporaryDirectory() as prefix:
        install = ["cmake", "--install", build, "--prefix", prefix, "--component", "library"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        check(os.path.join(prefix, "include", "gradus"), compiler)


def check(root, compiler):
    paths = sorted(pathlib.Path(root).rglob("*.hpp"))
    included = {
        str(path.relative_to(root)): re.findall(r'^#include "(.*)"', path.read_text(encoding="utf-8"), re.M)
        for path in paths
    }
    with tempfile.TemporaryDirectory() as folder:

        def compiled(header, *options):
            """What the compiler says where it's not content."""
            command = [compiler, "-std=c++20", "-I", folder, "-I", root, *options]
            text = f'#include "{header}"\n'
            result = subprocess.run(command, input=text, cwd=folder, capture_output=True, text=True)
            return result.stderr if result.returncode else ""

        def precompiled(header):
            target = pathlib.Path(folder, header + ".gch")
            target.parent.mkdir(exist_ok=True)
            return compiled(header, "-x", "c++-header", os.path.join(root, header), "-o", str(target))

        def alone(header):
            common = [f"-include{c}" for c in COMMON if c in reached(header, included)][:1]
            return compiled(header, *common, "-fsyntax-only", "-x", "c++", "-")

        with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            messages = [*pool.map(precompiled, COMMON), *pool.map(alone, included)]
        failed = [header for header, message in zip([*COMMON, *included], messages) if message]
        sys.stderr.writelines(messages)
    if failed:
        sys.exit("error: not alone: " + " ".join(failed))
    print(f"{len(included)} headers")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2])
