"""verifier.components.conciseness: the length of a program against the reference's."""

from __future__ import annotations

import math
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.components.evidence_made import evidence
from testsuites.calibration import Cost
from verifier.components import ComponentError, Conciseness
from verifier.components.length import tokens


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        (" \n\t", 0),
        ("x = f(1)", 6),
        ("größe_1 += 2  # so", 6),
        ("a" * 12, 1),
        ("a" * 13, 2),
        ("'" + "A" * 2400 + "'", 202),
    ],
)
def test_tokens(text: str, length: int) -> None:
    """Words and signs are counted, in any language; a long word counts for what it could hold."""
    assert tokens(text) == length


@given(st.text(), st.text())
def test_tokens_of_any_text(first: str, second: str) -> None:
    """Layout counts for nothing, and two texts on lines of their own for what both do."""
    assert tokens(f"{first}\n{second}") == tokens(first) + tokens(second) == tokens(f"{first} \n\n {second}\t")


@pytest.mark.parametrize("piece", ["a", "a ", " ", "(", "\u0301"], ids=repr)
def test_time_is_linear(piece: str) -> None:
    """Four times the text takes about four times the time."""

    def seconds(size: int) -> float:
        start = time.process_time()
        tokens(piece * (size // len(piece)))
        return time.process_time() - start

    assert seconds(2_000_000) < 10 * max(seconds(500_000), 0.02)


def figure(length: int, reference: int = 100, **numbers: float) -> float:
    """Return the figure of a program of so many words."""
    told = Conciseness(**numbers).measure(evidence("x " * length, reference=Cost(tokens=reference)))  # type: ignore[arg-type]
    assert told is not None
    return told


def test_up_to_twice_the_reference_is_full() -> None:
    """Golfing pays nothing: the shortest program has no more than one of twice the reference's length."""
    assert figure(1) == figure(100) == figure(200) == 1.0
    assert figure(201) < 1.0


def test_ten_times_the_reference_is_nothing() -> None:
    """In between it falls with the logarithm of the length."""
    assert figure(999) > 0.0
    assert figure(1000) == figure(100_000) == 0.0
    assert figure(400) == pytest.approx(math.log(10 / 4) / math.log(10 / 2))
    assert figure(300) > figure(400) > figure(800)


def test_numbers_can_be_set() -> None:
    """Where the plateau ends, and where nothing is left."""
    assert figure(150, full=1.0, none=2.0) == pytest.approx(math.log(2 / 1.5) / math.log(2))


def test_a_suite_without_a_record_has_a_typical_length() -> None:
    """So has one whose record is of before lengths were measured."""
    for reference in (None, Cost()):
        assert Conciseness(typical=10).measure(evidence("x " * 100, reference=reference)) == 0.0
        assert Conciseness(typical=50).measure(evidence("x " * 100, reference=reference)) == 1.0


def test_a_program_packed_into_a_text_is_not_short() -> None:
    """Without the bound on words, a program of any length could be a handful of words and signs."""
    packed = f"exec(decode('{'QUJD' * 1000}'))"
    assert len(re.findall(r"\w+|[^\w\s]", packed)) == 9
    assert figure(tokens(packed)) < 0.8


@pytest.mark.parametrize(
    "numbers",
    [
        {"full": 0.5},
        {"full": math.nan},
        {"none": math.nan},
        {"none": math.inf},
        {"full": 10.0},
        {"full": 11.0},
        {"typical": 0},
        {"weight": -1.0},
        {"weight": math.nan},
        {"weight": math.inf},
    ],
    ids=str,
)
def test_nonsense_is_refused(numbers: dict[str, float]) -> None:
    """A plateau below the reference would pay for golfing; the number is named."""
    with pytest.raises(ComponentError, match=next(iter(numbers))):
        Conciseness(**numbers)  # type: ignore[arg-type]


@given(st.integers(0, 3000), st.integers(0, 3000), st.floats(1.0, 5.0), st.floats(5.1, 1e6))
def test_longer_is_never_better(first: int, second: int, full: float, none: float) -> None:
    """The figure is from 0 to 1 and falls with the length."""
    short, long = (figure(length, full=full, none=none) for length in sorted((first, second)))
    assert 0.0 <= long <= short <= 1.0
