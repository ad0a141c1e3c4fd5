"""One process in which libFuzzer fuzzes one decoder: ``python -m tests.decoders.worker DECODER CRASHES [FLAG...]``.

`atheris` counts branches in the modules that are loaded while it instruments imports, and its loop never returns: the
process ends when libFuzzer says so. An input that Python survives is written to the folder CRASHES and told in a line
on standard output, and fuzzing goes on; one that ends the process is written by libFuzzer itself.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

import atheris

from tests.decoders.decoder import FOUND, Mutate, check
from tests.decoders.known import decoder_named

_INSTRUMENTED = ["sandbox", "verifier", "testsuites", "tomllib", "tests.decoders.catalog.planted"]
_SHARE_IN_FORM = 0.7
"""Of the changes of inputs; the others are libFuzzer's."""
_MOST_FOUND = 25


class _Crashes:
    """Crashes found so far, told apart by exception and line; of each the shortest input is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shortest: dict[str, int] = {}

    def add(self, error: Exception, data: bytes) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {frame.name}, {Path(frame.filename).name}:{frame.lineno}"
        name = hashlib.sha256(where.encode()).hexdigest()[:12]
        if len(data) >= self._shortest.get(name, sys.maxsize):
            return
        (self._folder / name).write_bytes(data)
        if name not in self._shortest:
            print(FOUND, name, ascii(f"{where}: {error}"[:300])[1:-1], flush=True)
        self._shortest[name] = len(data)
        if len(self._shortest) >= _MOST_FOUND:
            raise RuntimeError("enough crashes for one run") from None


def main() -> None:
    """Fuzz; never returns."""
    name, folder, *flags = sys.argv[1:]
    with atheris.instrument_imports(include=_INSTRUMENTED):
        decoder = decoder_named(name)
    crashes = _Crashes(Path(folder))

    def try_one(data: bytes) -> None:
        try:
            check(decoder, data)
        except Exception as error:
            crashes.add(error, data)

    warnings.simplefilter("error")
    own = {"custom_mutator": _mutator(decoder.mutate)} if decoder.mutate else {}
    atheris.Setup([sys.argv[0], f"-artifact_prefix={folder}/", *flags], try_one, **own)
    atheris.Fuzz()


def _mutator(change: Mutate) -> Callable[[bytes, int, int], bytes]:
    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - the same seed makes the same changes
        if random.random() < _SHARE_IN_FORM:
            changed = change(bytes(data), longest, random)
            if changed is not None:
                return changed
        mutated: bytes = atheris.Mutate(data, longest)
        return mutated

    return mutate


if __name__ == "__main__":
    main()
