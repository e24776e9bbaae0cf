#!/usr/bin/env python3
"""compare.py: times whole training steps of Gradus beside PyTorch's, in turn, and prints a Markdown table.

A ratio is Gradus' time or memory by PyTorch's: below 1, Gradus takes less. Each row takes the
better of PyTorch's two layouts of images, and medians over the pairs.
"""

import argparse
import ctypes
import datetime
import glob
import importlib.util
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

MODELS = ["mlp", "mlp-bn", "lenet", "cnn", "cnn-bn"]
IMPOSSIBLE = ("mlp-bn", 1)  # batch normalization needs more than one value per channel
HERE = Path(__file__).resolve().parent


def fail(message: str) -> None:
    sys.exit(f"error: {message}")


def cpu_info(key: str) -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return "unknown"


def openblas() -> tuple[dict[str, str], str]:
    """The environment in which PyTorch is at its best, and what it says of OpenBLAS.

    OpenBLAS' own threads get in the way of PyTorch's, those of its OpenMP build don't; and a
    processor that it doesn't know it takes for a Prescott of 2004.
    """
    found = glob.glob("/usr/lib/*/openblas-openmp/libopenblas.so.0")
    if not found:
        return {}, "OpenBLAS with threads of its own: libopenblas0-openmp is missing"
    environment = {"LD_LIBRARY_PATH": str(Path(found[0]).parent)}
    library = ctypes.CDLL(found[0])
    library.openblas_get_corename.restype = ctypes.c_char_p
    core = library.openblas_get_corename().decode()
    if core != "Prescott":
        return environment, f"OpenBLAS with OpenMP, for {core}"
    flags = cpu_info("flags").split()
    core = "SkylakeX" if "avx512f" in flags else "Haswell" if "avx2" in flags else core
    environment["OPENBLAS_CORETYPE"] = core
    return environment, f"OpenBLAS with OpenMP, told to take the processor for {core}"


def measure(command: list[str], environment: dict[str, str]) -> dict:
    paths = [environment.get("LD_LIBRARY_PATH"), os.environ.get("LD_LIBRARY_PATH")]
    environment = os.environ | environment | {"LD_LIBRARY_PATH": ":".join(filter(None, paths))}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        fail(f"{' '.join(command)}: {(result.stderr.strip() or 'no message').splitlines()[-1]}")
    return json.loads(result.stdout)


def compare(args: argparse.Namespace, environment: dict[str, str], model: str, batch: int) -> str:
    """A row of the table. A single image keeps one thread busy."""
    threads = 1 if batch == 1 else args.threads
    options = ["--model", model, "--batch-size", str(batch), "--threads", str(threads),
               "--steps", str(args.steps), "--data-dir", str(args.data_dir)]
    gradus = [str(args.gradus), "bench", "--data", "fashion-mnist", *options]
    plain = [sys.executable, str(HERE / "torch_steps.py"), *options]
    layouts = [plain] if model.startswith("mlp") else [plain, [*plain, "--channels-last"]]
    own, theirs = [], [[] for _ in layouts]
    for _ in range(args.pairs):
        own.append(measure(gradus, environment))
        for runs, command in zip(theirs, layouts):
            runs.append(measure(command, environment))

    def median(runs: list[dict], key: str) -> float:
        return statistics.median(run[key] for run in runs)

    def ratio(key: str) -> float:
        return statistics.median(a[key] / b[key] for a, b in zip(own, torch))

    torch = min(theirs, key=lambda runs: median(runs, "ms_median"))
    return (f"| {model} | {batch} | {threads} | {median(own, 'ms_median'):.3f} "
            f"| {median(torch, 'ms_median'):.3f} | {ratio('ms_median'):.2f} "
            f"| {ratio('peak_rss_mb'):.2f} | {median(own, 'fraction_of_peak'):.0%} |")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS, metavar="NAME",
                        help=f"default {' '.join(MODELS)}")
    parser.add_argument("--batches", nargs="+", type=int, default=[1, 32, 128, 512], metavar="N",
                        help="images a step, 1 on one thread and without mlp-bn, whose "
                        "normalization needs more (default 1 32 128 512)")
    parser.add_argument("--threads", type=int, default=2, help="of all other rows (default 2)")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side (default 5)")
    parser.add_argument("--steps", type=int, default=50, help="steps of each run (default 50)")
    parser.add_argument("--gradus", type=Path, default=HERE.parents[1] / "build" / "gradus",
                        metavar="PATH", help="the program (default build/gradus)")
    parser.add_argument("--data-dir", type=Path, default="/usr/share/datasets/fashion-mnist",
                        metavar="DIR", help="compressed IDX files that both read (default: those "
                        "of Debian's dataset-fashion-mnist)")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    if importlib.util.find_spec("torch") is None:
        fail("PyTorch is missing for this Python: apt-get install python3-torch libopenblas0-openmp")
    if not args.gradus.exists():
        fail(f"{args.gradus} isn't there: ./run build, or --gradus PATH")
    environment, blas = openblas()
    version = subprocess.run([args.gradus, "--version"], capture_output=True, text=True).stdout
    torch = subprocess.run([sys.executable, "-c", "import torch; print(torch.__version__)"],
                           capture_output=True, text=True).stdout
    print(f"{cpu_info('model name')}, {datetime.date.today()}: {version.strip()}, "
          f"PyTorch {torch.strip()}, {blas}. {args.pairs} pairs of {args.steps} steps with Adam; "
          f"the load was {os.getloadavg()[0]:.1f} at the start.\n")
    print("| model | batch | threads | Gradus ms | PyTorch ms | time ratio | memory ratio | of peak |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for model in args.models:
        for batch in args.batches:
            if (model, batch) != IMPOSSIBLE:
                print(compare(args, environment, model, batch), flush=True)


if __name__ == "__main__":
    main()
