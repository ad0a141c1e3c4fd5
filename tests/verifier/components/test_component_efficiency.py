"""verifier.components.efficiency: processor time and memory against the reference's, and what is noise."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.answers import stdio
from tests.verifier.components.evidence_made import evidence
from testsuites.calibration import Cost
from verifier.calibrating.bench import Bench
from verifier.calibrating.gold import examine
from verifier.components import ComponentError, Efficiency
from verifier.verdict import Verdict

MIB = 1024 * 1024
COST = Cost(cpu_seconds=1.0, peak_bytes=100 * MIB)
EXACT = Efficiency(full=1.0, none=4.0, slack_seconds=0.0, slack_mib=0.0, memory=0.0)


def figure(component: Efficiency, cost: Cost | None = COST, **fields: Any) -> float:
    """Return what there is to measure."""
    told = component.measure(evidence(reference=cost, **fields))
    assert told is not None
    return told


def test_time_is_that_of_all_tests() -> None:
    """Up to the reference's the figure is full; twice that is half way to four times."""
    assert figure(EXACT, cpu_seconds=(0.5, 0.5)) == 1.0
    assert figure(EXACT, cpu_seconds=(0.01,)) == 1.0
    assert figure(EXACT, cpu_seconds=(0.5, 1.5)) == pytest.approx(0.5)
    assert figure(EXACT, cpu_seconds=(2.0, 2.0)) == figure(EXACT, cpu_seconds=(90.0,)) == 0.0


def test_time_is_that_of_the_reference_machine() -> None:
    """A machine of half the speed takes twice as long."""
    assert figure(EXACT, cpu_seconds=(2.0,), speed=0.5) == 1.0
    assert figure(EXACT, cpu_seconds=(1.0,), speed=2.0) == pytest.approx(0.5)


def test_noise_is_forgiven() -> None:
    """So is a millisecond for each test, what the reference's gradings differed by, and half as much again."""
    reference = Cost(cpu_seconds=0.010, cpu_spread=0.006)
    assert figure(Efficiency(), reference, cpu_seconds=(0.0075,) * 4) == 1.0
    assert figure(Efficiency(), reference, cpu_seconds=(0.0076,) * 4) < 1.0
    assert figure(EXACT, reference, cpu_seconds=(0.0075,) * 4) < 1.0


def test_a_reference_too_quick_to_measure() -> None:
    """What costs nothing either is full; without slack anything else is nothing."""
    assert figure(EXACT, Cost(), cpu_seconds=(0.0,)) == 1.0
    assert figure(EXACT, Cost(), cpu_seconds=(0.001,)) == 0.0
    assert figure(Efficiency(), Cost(), cpu_seconds=(0.001,)) == 1.0


def test_memory_is_the_most_that_a_test_took() -> None:
    """It has its share of the figure, and its slack."""
    half = msgspec.structs.replace(EXACT, memory=0.5)
    assert figure(half, cpu_seconds=(1.0,), peak_bytes=200 * MIB) == pytest.approx(0.75)
    assert figure(half, cpu_seconds=(9.0,), peak_bytes=100 * MIB) == 0.5
    assert figure(msgspec.structs.replace(half, slack_mib=100.0), peak_bytes=200 * MIB) == 1.0


@pytest.mark.parametrize(("cost", "peak"), [(COST, 0), (Cost(cpu_seconds=1.0), 900 * MIB)])
def test_memory_that_is_not_known_counts_for_nothing(cost: Cost, peak: int) -> None:
    """Time has the whole figure then."""
    half = msgspec.structs.replace(EXACT, memory=0.5)
    assert figure(half, cost, cpu_seconds=(2.0,), peak_bytes=peak) == pytest.approx(0.5)


def test_there_is_nothing_to_measure() -> None:
    """Of a suite that was not calibrated, and of a program that is not accepted."""
    assert Efficiency().measure(evidence()) is None
    for verdict in Verdict:
        measured = Efficiency().measure(evidence(verdict=verdict, reference=COST))
        assert (measured is not None) is (verdict is Verdict.ACCEPTED)


@pytest.mark.parametrize(
    "numbers",
    [
        {"full": 0.9},
        {"none": 1.0},
        {"none": math.inf},
        {"slack_seconds": -0.001},
        {"slack_seconds": math.nan},
        {"slack_mib": math.inf},
        {"memory": 1.1},
        {"memory": math.nan},
        {"memory": -0.1},
    ],
    ids=str,
)
def test_nonsense_is_refused(numbers: dict[str, float]) -> None:
    """The number is named."""
    with pytest.raises(ComponentError, match=next(iter(numbers))):
        Efficiency(**numbers)


FINITE = st.floats(0.0, 1e9)


@given(st.tuples(FINITE, FINITE), FINITE, FINITE, st.integers(0, 2**40), st.integers(0, 2**40), st.floats(0.01, 100.0))
def test_cost_is_never_rewarded(
    seconds: tuple[float, float], reference: float, spread: float, first: int, second: int, speed: float
) -> None:
    """The figure is from 0 to 1, and falls with what a program costs."""
    cost = Cost(cpu_seconds=reference, cpu_spread=spread, peak_bytes=first)
    cheap, dear = (
        figure(Efficiency(), cost, cpu_seconds=(each,), peak_bytes=second, speed=speed) for each in sorted(seconds)
    )
    assert 0.0 <= dear <= cheap <= 1.0


REFERENCE = "print(sum(i * i for i in range(int(input()))))\n"
SLOWER = "n = int(input())\nfor _ in range(40):\n    total = sum(i * i for i in range(n))\nprint(total)\n"


def test_real_programs() -> None:
    """The reference is as efficient as itself each time, and a program that does all forty times is told from it."""
    suite = stdio(*[(str(n), str(sum(i * i for i in range(n)))) for n in (100_000, 120_000, 140_000)])
    with Bench(1) as bench:
        cost = examine(suite, REFERENCE, bench).cost
        assert cost is not None
        again, slow = bench.report(suite, REFERENCE), bench.report(suite, SLOWER)
    told = evidence(reference=cost)
    assert Efficiency().measure(msgspec.structs.replace(told, report=again)) == 1.0
    assert Efficiency().measure(msgspec.structs.replace(told, report=slow)) == pytest.approx(0.0, abs=0.5)
    assert slow.verdict is Verdict.ACCEPTED
