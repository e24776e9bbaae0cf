#!/usr/bin/env python3
"""headers_test.py BUILD COMPILER: each header that BUILD installs compiles alone.

Nearly all the time would go into headers of the system, which many take in through the same others of
ours. So what the headers in COMMON take in of the system is precompiled. A header starts with the
largest part of which it takes in all by itself: it sees no more than it would without.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# These save most. Others would do; none is needed.
COMMON = ["optim/adam_table.hpp", "core/gradcheck.hpp", "core/error.hpp", "core/kernels/pooling.hpp"]


def main(build, compiler):
    with tempfile.TemporaryDirectory() as prefix:
        install = ["cmake", "--install", build, "--prefix", prefix, "--component", "library"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        check(pathlib.Path(prefix, "include", "gradus"), compiler)


def check(root, compiler):
    headers = sorted(str(path.relative_to(root)) for path in root.rglob("*.hpp"))
    text = {header: (root / header).read_text(encoding="utf-8") for header in headers}

    def system(header, seen):
        """What a header takes in of the system, directly or through others of ours."""
        seen.add(header)
        taken = set(re.findall(r"^#include <(.*)>", text[header], re.M))
        for other in re.findall(r'^#include "(.*)"', text[header], re.M):
            if other not in seen:
                taken |= system(other, seen)
        return taken

    with tempfile.TemporaryDirectory() as folder:

        def compiled(source, *options):
            """What the compiler says where it's not content."""
            command = [compiler, "-std=c++20", "-I", root, *options]
            result = subprocess.run(command, input=source, cwd=folder, capture_output=True, text=True)
            return result.stderr if result.returncode else ""

        common = {name.replace("/", "_"): system(name, set()) for name in COMMON if name in text}

        def precompiled(name):
            pathlib.Path(folder, name).write_text("".join(f"#include <{h}>\n" for h in common[name]))
            return compiled(None, "-x", "c++-header", name)

        def alone(header):
            own = system(header, set())
            start = [f"-include{name}" for name, part in common.items() if part <= own][:1]
            return compiled(f'#include "{header}"\n', *start, "-fsyntax-only", "-x", "c++", "-")

        with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            messages = [*pool.map(precompiled, common), *pool.map(alone, headers)]
    failed = [name for name, message in zip([*common, *headers], messages) if message]
    if failed:
        sys.exit("".join(messages) + "error: not alone: " + " ".join(failed))
    print(f"{len(headers)} headers")


if __name__ == "__main__":
    main(*sys.argv[1:])
