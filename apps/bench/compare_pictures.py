#!/usr/bin/env python3
"""compare_pictures.py: times reading JPEG files and scaling them to 64x64 in Gradus beside Pillow, in turn.

A ratio is Gradus' time by Pillow's: below 1, Gradus takes less. Both use as many threads or processes; "whole"
decodes every pixel, "reduced" lets libjpeg decode at a part of the size (draft() in Pillow). Pillow's processes are
started before the time is taken, and keep their pictures.
"""

import argparse
import datetime
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

try:
    import numpy
    import PIL
    from PIL import Image
except ImportError:
    sys.exit("error: Pillow and NumPy are missing for this Python: apt-get install python3-pil python3-numpy")

SIDE = 64
HERE = Path(__file__).resolve().parent


def draw(path: Path) -> None:
    """A picture of 256x256 with smooth light, edges and noise, as photographs have them."""
    rng = numpy.random.default_rng(int(path.stem))
    y, x = numpy.mgrid[0:256, 0:256] / 256
    pixels = numpy.zeros((256, 256, 3))
    for channel in range(3):
        for _ in range(6):
            down, across, start, height = rng.normal(size=4)
            pixels[..., channel] += height * numpy.sin(8 * (down * y + across * x) + 6 * start)
    pixels = 127 + 110 * pixels / abs(pixels).max()
    for _ in range(12):
        row, column, radius = rng.uniform(size=3)
        disk = (y - row) ** 2 + (x - column) ** 2 < (radius / 5) ** 2
        pixels[disk] = 0.3 * pixels[disk] + 0.7 * rng.uniform(0, 255, 3)
    pixels += 6 * rng.normal(size=pixels.shape)
    Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(path, quality=85)


def read(path: str, reduced: bool) -> Image.Image:
    picture = Image.open(path)
    if reduced:
        picture.draft("RGB", (SIDE, SIDE))
    return picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def read_some(paths: list[str], reduced: bool) -> int:
    return len([read(path, reduced) for path in paths])


def measure_pillow(pool: multiprocessing.Pool, paths: list[str], reduced: bool) -> float:
    parts = [(paths[first:first + 64], reduced) for first in range(0, len(paths), 64)]
    start = time.perf_counter()
    pool.starmap(read_some, parts, chunksize=1)
    return (time.perf_counter() - start) / len(paths) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of the JPEG files; drawn if it is missing")
    parser.add_argument("--pictures", type=int, default=10000, help="to draw (default 10000)")
    parser.add_argument("--threads", type=int, default=2, help="and processes (default 2)")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side (default 5)")
    parser.add_argument("--gradus", type=Path, default=HERE.parents[1] / "build" / "gradus",
                        metavar="PATH", help="the program (default build/gradus)")
    args = parser.parse_args()
    command = [args.gradus, "bench", "--pictures", args.folder, "--threads", str(args.threads)]
    with multiprocessing.Pool(args.threads) as pool:
        if not args.folder.exists():
            args.folder.mkdir(parents=True)
            pool.map(draw, [args.folder / f"{i:05}.jpg" for i in range(args.pictures)])
        paths = sorted(str(path) for path in args.folder.iterdir())
        times = {"whole": ([], []), "reduced": ([], [])}
        for _ in range(args.pairs):
            result = subprocess.run(command, check=True, capture_output=True, text=True)
            rates = json.loads(result.stdout)
            times["whole"][0].append(1e3 / rates["pictures_per_second"])
            times["reduced"][0].append(1e3 / rates["reduced_per_second"])
            for kind, (_, theirs) in times.items():
                theirs.append(measure_pillow(pool, paths, kind == "reduced"))
    print(f"{len(paths)} pictures, {args.threads} threads, {args.pairs} pairs, Pillow {PIL.__version__}, "
          f"{datetime.date.today()}; the load was {os.getloadavg()[0]:.1f} at the end.\n")
    print("| decoded | Gradus ms | Pillow ms | time ratio |")
    print("|---|---|---|---|")
    for kind, (own, theirs) in times.items():
        ratio = statistics.median(a / b for a, b in zip(own, theirs))
        print(f"| {kind} | {statistics.median(own):.3f} | {statistics.median(theirs):.3f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
