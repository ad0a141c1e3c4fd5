"""A static C++ program, test by test: the sandbox beside a bare fork and exec of the same file.

All sides are given the same inputs through pipes, in turn, by this process; all must bring the same outputs. The bare
side has no limit, no layer and no measure. The sandbox builds the program once, before the first test is measured.
It is there twice: as it is, with its process that starts programs in C (`sandbox/native`), and with the one in Python,
which serves where no compiler is.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from benchmarks.measuring import add_rounds, options, show
from sandbox import Job, LocalSandbox, Program, Stdin
from sandbox.languages import language

_SOURCE = language("cpp").hello
_INPUT, _OUTPUT = b"21\n", b"42\n"


class Tests(NamedTuple):
    """What tests took, one by one."""

    milliseconds: list[float]
    right: bool


def main() -> int:
    """Return 0 when every output is right on both sides."""
    parser = options(__doc__, "python -m benchmarks.native --tests 200 --rounds 5")
    parser.add_argument("--tests", type=int, default=200, help="tests in each round (default 200)")
    add_rounds(parser)
    given = parser.parse_args()
    sides: dict[str, list[Tests]] = {"bare_fork_exec": [], "sandbox": [], "sandbox_without_c": []}
    with tempfile.TemporaryDirectory() as folder, LocalSandbox(1) as sandbox:
        program = _built(Path(folder))
        run_sandbox(sandbox, 2)  # builds it
        for _ in range(given.rounds):
            sides["bare_fork_exec"].append(run_bare(program, given.tests))
            sides["sandbox"].append(run_sandbox(sandbox, given.tests))
            with mock.patch("sandbox.local.native.launcher", return_value=None):
                sides["sandbox_without_c"].append(run_sandbox(sandbox, given.tests))
    right = all(each.right for side in sides.values() for each in side)
    show({"tests": given.tests * given.rounds, **_figures(sides), "outputs_right": right}, given.json)
    return not right


def _figures(sides: dict[str, list[Tests]]) -> dict[str, float]:
    """Return the median of each side, and of all but the first what they take beyond that."""
    medians = {
        name: statistics.median(one for each in side for one in each.milliseconds) for name, side in sides.items()
    }
    bare, *_ = medians.values()
    figures = {f"{name}_ms": median for name, median in medians.items()}
    figures |= {f"{name}_overhead_ms": median - bare for name, median in medians.items() if median is not bare}
    figures |= {f"{name}_ratio": median / bare for name, median in medians.items() if median is not bare}
    return {name: round(value, 3) for name, value in figures.items()}


def run_bare(program: Path, tests: int) -> Tests:
    """Start the program for each test, feed it, read its output, and wait for its end."""
    milliseconds, right = [], True
    for _ in range(tests):
        began = time.perf_counter()
        their_in, our_in = os.pipe2(os.O_CLOEXEC)
        our_out, their_out = os.pipe2(os.O_CLOEXEC)
        places = [(os.POSIX_SPAWN_DUP2, their_in, 0), (os.POSIX_SPAWN_DUP2, their_out, 1)]
        pid = os.posix_spawn(program, [str(program)], {}, file_actions=places)
        os.close(their_in)
        os.close(their_out)
        os.write(our_in, _INPUT)
        os.close(our_in)
        output = b""
        while part := os.read(our_out, 65536):
            output += part
        os.close(our_out)
        _, status = os.waitpid(pid, 0)
        milliseconds.append((time.perf_counter() - began) * 1000)
        right &= status == 0 and output == _OUTPUT
    return Tests(milliseconds, right)


def run_sandbox(sandbox: LocalSandbox, tests: int) -> Tests:
    """Run one job; what lies between two runs of it is one test. The first has the start of the job in it."""
    moments: list[float] = []

    def note(_: object) -> bool:
        moments.append(time.perf_counter())
        return False

    job = Job(program=Program(source=_SOURCE, language="cpp"), inputs=(Stdin(_INPUT),) * (tests + 1))
    outcome = sandbox.run(job, enough=note)
    milliseconds = [(after - before) * 1000 for before, after in itertools.pairwise(moments)]
    return Tests(milliseconds, all(run.stdout == _OUTPUT for run in outcome.runs))


def _built(folder: Path) -> Path:
    """Build the program outside of any sandbox."""
    source, program = folder / "solution.cpp", folder / "solution"
    source.write_text(_SOURCE, "utf-8")
    build = language("cpp").build
    assert build is not None
    places = {"{source}": str(source), "{artefact}": str(program)}
    subprocess.run([places.get(word, word) for word in build.command], check=True)
    return program


if __name__ == "__main__":
    raise SystemExit(main())
