"""verifier.calibrating.mutants: what is made of a reference, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.calibrating.mutants import Mutant, mutants_of, sample

REFERENCE = '''
def clamp(value: int, low: int = 0, high: int = 10) -> int:
    """Keep a value between 0 + 0 and 10."""
    if value < low:  # 1 < 2
        return low
    return high if value > high else value
'''
ONLY_LAYOUT = '''
from typing import Literal

def f(x: int | None, *rest: Literal[1, 2]) -> Literal[3] | None:
    """Say 1 + 2 if not 3 < 4."""
    y: Literal[5] | None  # 1 + 2
    return x
'''


def test_a_mutant_differs_in_the_line_that_its_name_tells() -> None:
    """The name is operator, occurrence and line; all other lines are the reference's."""
    mutants = mutants_of(REFERENCE)
    assert len(mutants) > 10
    lines = REFERENCE.splitlines()
    for mutant in mutants:
        line = int(mutant.name.rpartition(" line ")[2])
        mutated = mutant.source.splitlines()
        assert [number for number, pair in enumerate(zip(lines, mutated, strict=True), 1) if len(set(pair)) > 1] == [
            line
        ]


def test_the_classic_slips_are_made() -> None:
    """Comparisons, numbers and conditions are mutated."""
    sources = {mutant.source for mutant in mutants_of(REFERENCE)}
    for old, new in [
        ("value < low", "value <= low"),
        ("high: int = 10", "high: int = 11"),
        ("if value <", "if not value <"),
    ]:
        assert REFERENCE.replace(old, new, 1) in sources


def test_names_and_programs_are_each_there_once_and_in_the_same_order() -> None:
    """A second call gives the same."""
    mutants = mutants_of(REFERENCE)
    assert mutants == mutants_of(REFERENCE)
    assert len({mutant.name for mutant in mutants}) == len({mutant.source for mutant in mutants}) == len(mutants)
    assert REFERENCE not in {mutant.source for mutant in mutants}


def test_docstrings_comments_and_annotations_are_left_alone() -> None:
    """Where nothing else could be mutated, nothing is."""
    assert mutants_of(ONLY_LAYOUT) == ()


def test_mutants_that_mean_the_same_are_made_once() -> None:
    """`not` taken from a literal, and the literal replaced, are the same program."""
    sources = [mutant.source.split() for mutant in mutants_of("print(1 + 1)\n")]
    assert len(sources) == len({tuple(source) for source in sources})
    assert ["print(1", "-", "1)"] in sources


@pytest.mark.parametrize("source", ["", "def f(", "\0", "x = " + "(" * 500, "x = " + "+".join("1" * 5000)])
def test_what_cannot_be_compiled_has_none(source: str) -> None:
    """Neither text that is no program, nor what is nested too deeply, raises."""
    assert mutants_of(source) == ()


@given(st.text(alphabet="xf=+-<()[]:1 \nifnot'\"#\\d\ud800", max_size=40))
def test_any_text_is_taken(source: str) -> None:
    """No text makes it raise or warn."""
    assert all(mutant.source != source for mutant in mutants_of(source))


def test_a_sample_is_drawn_by_its_seed_and_keeps_the_order() -> None:
    """The same seed draws the same; what is few enough is kept whole."""
    mutants = mutants_of(REFERENCE)
    drawn = sample(mutants, 7, seed=1)
    assert len(drawn) == 7
    assert drawn == sample(mutants, 7, seed=1) == tuple(mutant for mutant in mutants if mutant in drawn)
    assert drawn != sample(mutants, 7, seed=2)
    assert sample(mutants, len(mutants), seed=1) == mutants


def test_a_mutant_does_not_show_its_program() -> None:
    """It is most of the reference."""
    assert repr(Mutant("AddNot#0 line 3", "secret")) == "Mutant('AddNot#0 line 3')"
