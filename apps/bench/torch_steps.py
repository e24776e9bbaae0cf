#!/usr/bin/env python3
"""torch_steps.py: times training steps in PyTorch as `gradus bench` times its own: prints one JSON object."""

import argparse
import gzip
import json
import resource
import statistics
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

WARMUP_STEPS = 5
KEPT_BATCHES = 64

# The named models of Gradus.
MODELS = {
    "mlp": lambda: [
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(),
        nn.Linear(256, 10)],
    "mlp-bn": lambda: [
        nn.Flatten(), nn.Linear(784, 512), nn.BatchNorm1d(512), nn.ReLU(),
        nn.Linear(512, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 10)],
    "lenet": lambda: [
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)],
    "cnn": lambda: [
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Dropout(0.25), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(128, 10)],
    "cnn-bn": lambda: [
        nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64),
        nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(),
        nn.Linear(128, 10)],
}


def read_idx(path: Path, header: int) -> torch.Tensor:
    return torch.frombuffer(bytearray(gzip.decompress(path.read_bytes())[header:]), dtype=torch.uint8)


def first_batches(folder: Path, size: int, count: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    images = read_idx(folder / "train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)
    labels = read_idx(folder / "train-labels-idx1-ubyte.gz", 8)
    batches = []
    for batch in range(count):
        indices = torch.arange(batch * size, (batch + 1) * size) % len(labels)
        batches.append((images[indices].float() / 255, labels[indices].long()))
    return batches


def time_steps(args: argparse.Namespace) -> list[float]:
    layout = torch.channels_last if args.channels_last else torch.contiguous_format
    model = nn.Sequential(*MODELS[args.model]()).to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters())
    batches = first_batches(args.data_dir, args.batch_size,
                            min(KEPT_BATCHES, args.steps + WARMUP_STEPS))
    batches = [(images.contiguous(memory_format=layout), labels) for images, labels in batches]
    times = []
    for step in range(WARMUP_STEPS + args.steps):
        images, labels = batches[step % len(batches)]
        start = time.perf_counter()
        loss = functional.cross_entropy(model(images), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        times.append(1e3 * (time.perf_counter() - start))
    return times[WARMUP_STEPS:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=MODELS, required=True)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--data-dir", type=Path, required=True, help="four IDX files, as .gz")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    times = time_steps(args)
    print(json.dumps({
        "version": torch.__version__,
        "ms_per_step": statistics.mean(times),
        "ms_median": statistics.median(times),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))


if __name__ == "__main__":
    main()
