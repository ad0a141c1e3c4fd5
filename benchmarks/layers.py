"""What each isolation layer costs for one test, and how much of the floor's throughput is left under all of them.

Sandboxes with different layers take turns, in another order each round, so that a noisy machine hits all alike. Each
turn is a few jobs in a row, until all their processes are gone. What is compared is of the same round.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any, NamedTuple

import psutil

from benchmarks.measuring import Stopwatch, options, show
from benchmarks.progress import Progress
from sandbox import Call, Job, LocalSandbox, Program, Status, Stdin
from sandbox.layers import LAYERS

LEAST_RATIO = 0.8
FLOOR, ALL = "floor", "all"


class Load(NamedTuple):
    """What a sandbox is given in one turn.

    Attributes:
        name: for the figures.
        job: a short program, and the inputs of a suite.
        jobs: how often each worker gets it, in a row.
        workers: of the sandbox.
        only_ends: measured with the floor alone and with all layers, and with nothing between.
    """

    name: str
    job: Job
    jobs: int
    workers: int = 1
    only_ends: bool = False

    @property
    def tests(self) -> int:
        """Tests in one turn."""
        return len(self.job.inputs) * self.jobs * self.workers


_WHOLE = Program(source="print(sum(map(int, input().split())))")
_FUNCTION = Program(source="def add(a, b):\n    return a + b")
_TEN_TESTS = Job(program=_WHOLE, inputs=tuple(Stdin(b"%d 2\n" % number) for number in range(10)))
_ONE_TEST = Job(program=_WHOLE, inputs=(Stdin(b"1 2\n"),))
_CALLS = Job(program=_FUNCTION, inputs=tuple(Call(function="add", args=(number, 2)) for number in range(100)))


class Cost(NamedTuple):
    """Microseconds for a test in one turn: elapsed time, and processor time of the judge and everything below it."""

    wall_us: float
    cpu_us: float


Costs = dict[tuple[str, str], list[Cost]]
"""Turn by turn; by names of load and variant."""


def main() -> int:
    """Return 0 when jobs of ten tests keep enough of their throughput under all layers."""
    parser = options(__doc__, "python -m benchmarks.layers --rounds 60")
    parser.add_argument("--rounds", type=int, default=60, help="turns of each sandbox (default 60)")
    given = parser.parse_args()
    variants, missing = variants_here()
    loads = loads_for(given.workers)
    costs = measure(loads, variants, given.rounds)
    figures = {load.name: summed_up(load, variants, costs) for load in loads}
    enough = all(figures[load.name]["ratio"] >= LEAST_RATIO for load in loads if load.job is _TEN_TESTS)
    if given.json:
        show({"rounds": given.rounds, "missing": missing, "enough": enough, **figures}, as_json=True)
    else:
        print_table(loads, figures)
        ratios = {f"{key}, {name}": figure[key] for key in ("ratio", "cpu_ratio") for name, figure in figures.items()}
        show({"rounds": given.rounds, "missing": missing, **ratios, "enough": enough}, as_json=False)
    return not enough


def loads_for(workers: int) -> tuple[Load, ...]:
    """Return what is measured; the last load is for so many workers."""
    return (
        Load("10 tests", _TEN_TESTS, jobs=4),
        Load("1 test", _ONE_TEST, jobs=10),
        Load("100 calls", _CALLS, jobs=4),
        Load(f"10 tests, {workers} workers", _TEN_TESTS, jobs=4, workers=workers, only_ends=True),
    )


def variants_here() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the layers of each variant that this host can put in force, and why it lacks the others."""
    everything, missing = _survey(())
    over_floor = everything[1:]
    wanted = {
        FLOOR: (FLOOR,),
        **{f"floor + {name}": (FLOOR, name) for name in over_floor},
        **{f"all - {name}": tuple(each for each in everything if each != name) for name in over_floor},
        ALL: everything,
    }
    return {name: layers for name, layers in wanted.items() if _survey(_others(layers))[0] == layers}, missing


def _survey(without: Collection[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    with LocalSandbox(workers=1, require=(FLOOR,), without=without) as sandbox:
        return sandbox.survey()


def _others(layers: Collection[str]) -> list[str]:
    return [name for name in LAYERS if name not in layers]


class Bench:
    """A sandbox with some layers, its workers, and threads to keep them busy."""

    def __init__(self, workers: int, layers: Collection[str]) -> None:
        """Start the workers."""
        self._sandbox = LocalSandbox(workers, require=layers, without=_others(layers))
        self._threads = ThreadPoolExecutor(workers)
        self._workers = workers
        self._processes: list[psutil.Process] = []
        before = set(psutil.Process().children())
        self.take_turn(Load("start", _TEN_TESTS, jobs=2, workers=workers))
        zygotes = set(psutil.Process().children()) - before
        self._processes = [*zygotes, *(process for zygote in zygotes for process in zygote.children(recursive=True))]

    def take_turn(self, load: Load) -> tuple[float, float]:
        """Return elapsed and processor seconds, until all that the load started is dead and waited for."""

        def work(_: int) -> None:
            for _ in range(load.jobs):
                outcome = self._sandbox.run(load.job)
                if {run.status for run in outcome.runs} != {Status.FINISHED}:
                    raise RuntimeError("a program did not finish: the figures would be worth nothing")
            self._sandbox.survey()

        watch, cpu_seconds = Stopwatch(), self._cpu_seconds()
        list(self._threads.map(work, range(self._workers)))
        return watch.wall_seconds, self._cpu_seconds() - cpu_seconds

    def close(self) -> None:
        """Let go of every process and thread."""
        self._sandbox.close()
        self._threads.shutdown()

    def _cpu_seconds(self) -> float:
        return time.process_time() + sum(sum(process.cpu_times()[:4]) for process in self._processes)


def measure(loads: Collection[Load], variants: dict[str, tuple[str, ...]], rounds: int) -> Costs:
    """Let each sandbox take its turn in each round, for each load."""
    costs: Costs = defaultdict(list)
    chance = random.Random(0)  # noqa: S311 - an order, no secret
    with ExitStack() as cleanup, Progress("rounds", rounds) as progress:
        turns = []
        for workers in sorted({load.workers for load in loads}):
            for variant, layers in variants.items():
                those = [load for load in loads if load.workers == workers]
                those = [load for load in those if variant in (FLOOR, ALL) or not load.only_ends]
                if those:
                    bench = cleanup.enter_context(closing(Bench(workers, layers)))
                    turns += [(load, variant, bench) for load in those]
        for done in range(rounds):
            progress.show(done)
            chance.shuffle(turns)
            turns.sort(key=lambda turn: turn[0].name)  # what is compared is close in time
            for load, variant, bench in turns:
                wall, cpu = bench.take_turn(load)
                costs[load.name, variant].append(Cost(wall * 1e6 / load.tests, cpu * 1e6 / load.tests))
        progress.show(rounds)
    return costs


def summed_up(load: Load, variants: Collection[str], costs: Costs) -> dict[str, Any]:
    """Return what a load costs for a test under each variant, what each layer adds to it, and the ratios.

    Of elapsed time medians over the rounds; of processor time, which the kernel tells in steps of 10 ms, means.
    """
    measured = [variant for variant in variants if (load.name, variant) in costs]

    def added(variant: str, base: str) -> dict[str, int]:
        pairs = list(zip(costs[load.name, variant], costs[load.name, base], strict=True))
        return {
            "wall_us": round(statistics.median(one.wall_us - other.wall_us for one, other in pairs)),
            "cpu_us": round(cpu[variant] - cpu[base]),
        }

    wall = {name: statistics.median(cost.wall_us for cost in costs[load.name, name]) for name in measured}
    cpu = {name: statistics.fmean(cost.cpu_us for cost in costs[load.name, name]) for name in measured}
    ends = zip(costs[load.name, FLOOR], costs[load.name, ALL], strict=True)
    return {
        "for_a_test": {name: {"wall_us": round(wall[name]), "cpu_us": round(cpu[name])} for name in measured},
        "added_to_the_floor": {name[8:]: added(name, FLOOR) for name in measured if name.startswith("floor + ")},
        "added_to_the_others": {name[6:]: added(ALL, name) for name in measured if name.startswith("all - ")},
        "ratio": round(statistics.median(floor.wall_us / everything.wall_us for floor, everything in ends), 3),
        "cpu_ratio": round(cpu[FLOOR] / cpu[ALL], 3),
    }


def print_table(loads: Collection[Load], figures: dict[str, dict[str, Any]]) -> None:
    """Print microseconds of elapsed and of processor time for a test, a column for each load."""
    complete = [load.name for load in loads if not load.only_ends]
    print(f"{'us for a test':22}", *(f"{name:>18}" for name in complete))
    print(f"{'':22}", *(f"{'wall':>11} {'cpu':>6}" for _ in complete))
    for part in ("for_a_test", "added_to_the_floor", "added_to_the_others"):
        print(part.replace("_", " "))
        sign = "" if part == "for_a_test" else "+"
        for row in figures[complete[0]][part]:
            cells = (figures[name][part][row] for name in complete)
            print(f"  {row:20}", *(f"{cell['wall_us']:{sign}11} {cell['cpu_us']:{sign}6}" for cell in cells))
    print()


if __name__ == "__main__":
    raise SystemExit(main())
