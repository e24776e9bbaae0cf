#!/usr/bin/env python3
"""fused_test.py LIBRARY: checks that the library has no instruction that the compiler fused by itself.

Products and sums are fused where the code says so (core/kernels/simd/fma.hpp). GCC 12 also fuses products with
alternating sums and differences when it vectorizes, in spite of -ffp-contract=off, and only where the processor has
such an instruction. No code asks for it, so that its presence is a fault.
"""

import re
import shutil
import subprocess
import sys

if not shutil.which("objdump"):
    print("objdump isn't installed")
    sys.exit(77)
listing = subprocess.run(["objdump", "--disassemble", "--demangle", sys.argv[1]], capture_output=True, text=True,
                         check=True).stdout
function, faults = "", set()
for line in listing.splitlines():
    if line.endswith(">:"):
        function = line.partition("<")[2][:-2]
    elif re.search(r"\bvfm(?:addsub|subadd)", line):
        faults.add(function)
print("\n".join(f"alternating products are fused in {name}" for name in sorted(faults)) or
      f"{listing.count(chr(10))} lines without a fault")
sys.exit(bool(faults))
