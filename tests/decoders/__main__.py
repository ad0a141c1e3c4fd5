"""``python -m tests.decoders NAME|all [--seconds N] [--seed N] [--corpus FOLDER]``: fuzz decoders, guided by coverage.

A line now and then while a decoder is fuzzed, and one that sums up. Inputs that crash are in ``build/decoders/NAME/``.
Exit code 1 when there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.decoders.known import NAMES, PLANTED, decoder_named
from tests.decoders.running import Result, run

_BUILD = Path(__file__).parents[2] / "build" / "decoders"
_SAY_EVERY_SECONDS = 30.0


def main() -> None:
    """Fuzz, print, and end with 1 when anything crashed."""
    parser = argparse.ArgumentParser(prog="python -m tests.decoders")
    parser.add_argument("name", choices=[*NAMES, PLANTED, "all"])
    parser.add_argument("--seconds", type=float, default=60, help="for each decoder (60)")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn (1)")
    parser.add_argument("--corpus", type=Path, help="folder of inputs to begin with, which grows: FOLDER/NAME")
    options = parser.parse_args()
    results = []
    for name in NAMES if options.name == "all" else [options.name]:
        decoder = decoder_named(name)
        print(f"{name}: {decoder.reads}", flush=True)
        result = run(
            decoder,
            seconds=options.seconds,
            seed=options.seed,
            crashes=_BUILD / name,
            corpus=options.corpus and options.corpus / name,
            progress=_Progress(),
        )
        results.append(result)
        print(_summary(result), flush=True)
        for crash, told in result.crashes.items():
            print(f"    {result.folder / crash}: {told}", flush=True)
    sys.exit(any(result.crashes for result in results))


class _Progress:
    """Says how far it is, on a terminal in place, else now and then."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _SAY_EVERY_SECONDS

    def __call__(self, result: Result) -> None:
        if sys.stdout.isatty():
            print(f"\r{_summary(result)}", end="\r", flush=True)
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + _SAY_EVERY_SECONDS
            print(f"  {_summary(result)}", flush=True)


def _summary(result: Result) -> str:
    return (
        f"{result.name:<10}{result.executions:>12,} executions {result.edges:>6,} edges "
        f"{len(result.crashes):>3} crashes {result.seconds:>6.0f} s"
    )


if __name__ == "__main__":
    main()
