"""Run a decoder's worker for a time, restart it where it was ended, and tell what it did."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.decoders.decoder import FOUND, Decoder

_FOUND = re.compile(rf"{FOUND} (\w+) (.*)")
_STEP = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+)")
_DONE = re.compile(r"stat::number_of_executed_units: (\d+)")
_ARTIFACT = re.compile(r"Test unit written to .*/((?:crash|timeout|oom|leak|slow-unit)-\w+)")
_LONGEST_INPUT_SECONDS = 60
"""Elapsed time after which libFuzzer ends a worker; processor time is bounded for each input anyway (`check`)."""
_MOST_MEBIBYTES = 1536
_LENGTH_CONTROL = 20
"""How fast inputs grow: libFuzzer's ``len_control``, where 100 is its slow default."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of fuzzing one decoder.

    Attributes:
        name: the decoder's.
        executions: inputs tried.
        edges: coverage, in edges and branches of Python code, of the best worker.
        crashes: what was found, by the name of its input in `folder`.
        seconds: elapsed time.
        folder: where those inputs are.
    """

    name: str
    executions: int
    edges: int
    crashes: dict[str, str]
    seconds: float
    folder: Path


class WorkerBroken(Exception):
    """A worker did not begin to fuzz. The message holds its last words."""


def run(
    decoder: Decoder,
    *,
    seconds: float,
    seed: int,
    crashes: Path,
    corpus: Path | None = None,
    until_found: bool = False,
    progress: Callable[[Result], None] = lambda _: None,
) -> Result:
    """Fuzz one decoder.

    Args:
        decoder: the decoder.
        seconds: how long to fuzz.
        seed: of everything that libFuzzer and the mutators draw.
        crashes: folder for inputs that crash, made when it is not there.
        corpus: folder of inputs to begin with, which grows; None means the decoder's seeds alone.
        until_found: end with the first crash.
        progress: called now and then with the figures so far.

    Raises:
        WorkerBroken: no fuzzing came about.
    """
    crashes.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    result = Result(name=decoder.name, executions=0, edges=0, crashes={}, seconds=0, folder=crashes)
    with tempfile.TemporaryDirectory() as folder:
        place = corpus or Path(folder, "corpus")
        place.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(decoder.seeds()):
            (place / f"seed-{number:02}").write_bytes(data)
        words = Path(folder, "words")
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in decoder.words))
        left = max(1.0, seconds)
        while left >= 1:
            flags = [
                *(f"-max_total_time={round(left)}", f"-seed={seed}", f"-max_len={decoder.longest}"),
                *(f"-timeout={_LONGEST_INPUT_SECONDS}", f"-rss_limit_mb={_MOST_MEBIBYTES}", "-print_final_stats=1"),
                *(f"-len_control={_LENGTH_CONTROL}", str(place)),
                *([f"-dict={words}"] if decoder.words else []),
            ]
            result = _work(decoder, flags, result, start, until_found, progress)
            if until_found and result.crashes:
                break
            left, seed = seconds - (time.monotonic() - start), seed + 1
    return result


def _work(
    decoder: Decoder,
    flags: list[str],
    result: Result,
    start: float,
    until_found: bool,
    progress: Callable[[Result], None],
) -> Result:
    """Run one worker to its end; return the result with its figures added."""
    command = [sys.executable, "-m", "tests.decoders.worker", decoder.name, str(result.folder), *flags]
    before, executions, edges, last = result, 0, 0, ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace") as worker:
        assert worker.stdout
        try:
            for line in worker.stdout:
                crash: dict[str, str] = {}
                if step := _STEP.match(line):
                    executions, edges = int(step[1]), int(step[2])
                elif done := _DONE.match(line):
                    executions = int(done[1])
                elif found := _FOUND.match(line):
                    crash = {found[1]: found[2]}
                elif written := _ARTIFACT.search(line):
                    crash = {written[1]: "ended the process"}
                else:
                    last = line.strip() or last
                    continue
                result = msgspec.structs.replace(
                    result,
                    executions=before.executions + executions,
                    edges=max(before.edges, edges),
                    crashes=result.crashes | crash,
                    seconds=time.monotonic() - start,
                )
                progress(result)
                if until_found and result.crashes:
                    break
        finally:
            worker.kill()
    if not executions and not result.crashes:
        raise WorkerBroken(f"{decoder.name}: the worker ended before its first input: {last}")
    return result


def _escaped(word: str) -> str:
    """Write a word for libFuzzer's dictionary."""
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))
