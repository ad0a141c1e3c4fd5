"""verifier.calibrating.inputs: values and calls like those that were seen."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sandbox import Call
from testsuites.literals import write_literal
from verifier.calibrating.drawing import draw
from verifier.calibrating.inputs import valid_inputs
from verifier.calibrating.inputs.arguments import Learnt
from verifier.calibrating.inputs.forms import are_balanced
from verifier.calibrating.inputs.hints import Hints, examples_of, hints_of
from verifier.calibrating.inputs.place import learn
from verifier.calibrating.inputs.relations import relations_of
from verifier.fuzzing.strategies import values

NOTHING = Hints()
quick = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def _short(value: Any) -> bool:
    """Whether Hypothesis can show it: Python writes no decimal integer of more than 4,300 digits."""
    try:
        repr(value)
    except ValueError:
        return False
    return True


def _made(seen: list[Any], draws: int = 150, hints: Hints = NOTHING) -> list[Any]:
    """Return values that were made anew, and changed ones, for a place where some were seen."""
    place = learn(seen, hints)
    found: list[Any] = []

    @settings(max_examples=draws, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given((place.fresh | st.sampled_from(seen).flatmap(place.changed)).filter(place.holds))
    def keep(value: Any) -> None:
        found.append(value)

    keep()
    assert found
    return found


@given(st.lists(values().filter(_short), min_size=1, max_size=4), st.data())
@quick
def test_any_plain_values_can_be_learnt_from(seen: list[Any], data: st.DataObject) -> None:
    """Whatever stands at a place, values of the types that were seen can be made for it."""
    place = learn(seen, NOTHING)
    made = data.draw(st.one_of(place.fresh, place.changed(seen[0])))
    assert type(made) in set(map(type, seen))


@given(st.lists(st.tuples(values(), values()).filter(_short), min_size=1, max_size=5), st.data())
@quick
def test_arguments_hold_what_was_learnt(seen: list[tuple[Any, Any]], data: st.DataObject) -> None:
    """Every argument that is made fits its place and the relations to the others."""
    learnt = Learnt(seen, NOTHING)
    assume(learnt.small)
    made = data.draw(learnt.changed(learnt.small[0]))
    assert learnt.holds(made)


@given(st.data())
@quick
def test_a_piece_of_arguments_can_be_changed(data: st.DataObject) -> None:
    """A relation to an argument that is not there is left alone: the piece is no valid input in any case."""
    learnt = Learnt([(start, start + 1 + start % 3) for start in range(12)], NOTHING)
    assert learnt.relations
    assert learnt.holds(data.draw(learnt.changed((3,)) | st.just((3, 4))))


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        ([3, 17, 40], lambda value: value >= 1),
        ([0, 17, 40], lambda value: value >= 0),
        ([-3, -17, -40], lambda value: value < 0),
        ([5, 100, 20, 31], lambda value: value <= 100),
        ([[0, 1, 1], [1, 0, 1], [0], [0, 1]], lambda value: set(value) <= {0, 1}),
        ([0.5, 2.25], lambda value: value > 0 and round(value, 2) == value),
        ([[1], [2, 3], [4, 5, 6]], lambda value: len(value) >= 1),
        ([[1, 4], [2, 3, 9], [4, 5, 6, 6]], lambda value: value == sorted(value)),
        ([[3, 1, 4], [9, 2, 6, 8], [5, 7, 1]], lambda value: len(set(value)) == len(value)),
        ([[[1, 2], [3, 4]], [[5], [6], [7]]], lambda value: len({len(row) for row in value}) == 1),
        ([["ab", "cd"], ["x", "y", "z"], ["abc", "def"]], lambda value: len({len(row) for row in value}) == 1),
        ([[3, 1, 2], [2, 1], [4, 2, 1, 3]], lambda value: sorted(value) == list(range(1, len(value) + 1))),
        ([(1, "a"), (2, "b")], lambda value: len(value) == 2 and type(value[1]) is str),
        (["()", "(())", "()()"], are_balanced),
        (["0110", "1010110", "111000"], lambda value: set(value) <= set("01")),
        (["12", "-7", "3.5"], lambda value: float(value) is not None),
        (["1/2", "3/4", "10/7"], lambda value: value.count("/") == 1 and all(map(str.isdigit, value.split("/")))),
        (["2 apples", "3 apples", "15 apples"], lambda value: value.endswith(" apples")),
        (["one two", "two one one", "one one two"], lambda value: set(value.split()) <= {"one", "two"}),
        (["ab cd", "efg h", "xyz"], lambda value: value == value.strip() and "  " not in value),
        ([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], lambda value: value.keys() == {"a", "b"}),
        ([None, 3], lambda value: value is None or value > 0),
    ],
)
def test_what_all_have_in_common_is_kept(seen: list[Any], rule: Any) -> None:
    """Signs, limits, decimals, lengths, order, repetition, evenness, alphabets, forms, words and keys."""
    assert all(map(rule, seen))
    made = _made(seen)
    assert all(map(rule, made))
    assert len(set(map(write_literal, made))) > 1  # it is no empty promise


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ([[1, 2, 3], [4], [7, 9]], lambda value: len(set(value)) < len(value)),
        ([5, 8, 12], lambda value: value == 1),
        (["hello", "World", "xyz"], lambda value: "q" in value),
        ([[], [3, 4, 5]], lambda value: value == []),
        ([11, 12, 4321], lambda value: len(str(value)) > 2 and str(value) == str(value)[::-1]),
    ],
)
def test_the_edges_are_reached(seen: list[Any], wanted: Any) -> None:
    """Repetitions, the smallest number, letters that were not seen, the empty list where it was seen."""
    assert any(map(wanted, _made(seen, draws=400)))


def test_constants_of_the_reference_are_tried() -> None:
    """What a reference compares with, and its neighbours, though no such number was seen; texts likewise."""
    hints = hints_of("def f(n):\n    '''77'''\n    return n > 450 or n == 'xq'\n")
    assert hints == Hints(numbers=(450,), texts=("xq",))
    assert {449, 450, 451} <= set(_made([3, 8, 25], draws=600, hints=hints))
    assert any("xq" in value for value in _made(["abc", "zxq", "qr"], hints=hints))


def test_examples_in_docstrings_are_seen() -> None:
    """Calls with literal arguments, in whatever sentence; others are passed over."""
    prose = "For f([1, (2)], 'a)') it is 1, f(x) is not told, and f() -> 3.  >>> f(-1)"
    source = f'def f(*args):\n    """{prose}"""\n'
    assert examples_of(source, "f") == (([1, 2], "a)"), (), (-1,))


numbers = st.integers(-3, 9)
tables = st.lists(st.lists(numbers, max_size=4), max_size=4)
pairs = st.tuples(numbers, numbers)
numerals = st.from_regex(r"-?[1-9]{1,3}", fullmatch=True)
tuples = tables.map(lambda table: [tuple(row) for row in table])
related = st.one_of(
    *(
        st.lists(arguments, min_size=3, max_size=6)
        for arguments in (
            st.tuples(numbers, tables, st.text("ab")),
            st.tuples(numbers, tuples, st.text("ab")),
            st.tuples(pairs, pairs, st.text("ab")),
            st.tuples(numerals, numerals, numerals),
        )
    )
)


@given(related, st.data())
@quick
def test_related_arguments_can_be_learnt_from(seen: list[tuple[Any, ...]], data: st.DataObject) -> None:
    """Numbers, uneven tables, pairs, numerals, and what is between them; what was seen keeps to all that is found."""
    learnt = Learnt(seen, NOTHING)
    assert all(map(learnt.holds, seen))
    data.draw(st.one_of(learnt.changed(seen[0]), learnt.fresh, learnt.crossed))


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
@quick
def test_any_text_may_be_a_reference(source: str) -> None:
    """Hints are taken from what can be read, and nothing is raised."""
    assert isinstance(hints_of(source), Hints)
    assert isinstance(examples_of(source, "f"), tuple)


@pytest.mark.parametrize(
    ("calls", "broken"),
    [
        ([("ab", "cd"), ("x", "y"), ("abc", "def")], ("ab", "c")),
        ([([1, 2, 3], 2), ([4], 1), ([5, 6], 0)], ([1], 2)),
        ([(0, [4, 4]), (1, [3, 3]), (2, [1, 1, 1])], (2, [3, 3])),
        ([(1, 5), (2, 9), (4, 8), (0, 3), (7, 8)], (6, 5)),
        ([(3, [[1, 3], [2, 3]]), (2, [[1, 2]]), (4, [[4, 1]])], (2, [[1, 3]])),
        ([([1, 2, 3], [1, 2]), ([1, 2], [4]), ([7, 7, 7, 7], [2, 2, 2])], ([1], [1])),
    ],
)
def test_relations_between_arguments_are_found_and_mended(
    calls: list[tuple[Any, ...]], broken: tuple[Any, ...]
) -> None:
    """Lengths that agree, counts and indices within a length, order, and bounds on the numbers of a list."""
    relations = relations_of(calls)
    assert all(relation.holds(call) for relation in relations for call in calls)
    assert not all(relation.holds(broken) for relation in relations)
    mended: list[Any] = list(broken)
    for relation in relations:
        mended = relation.mend(mended)
    assert all(relation.holds(mended) for relation in relations)


def test_numbers_of_any_length_can_be_learnt_from() -> None:
    """Longer ones than Python writes in decimal, too."""
    seen = [Call(function="f", args=(10**5000 + number, [10**5000])) for number in range(3)]
    assert len(draw(valid_inputs(seen, ""), 20, 0)) == 20


def test_calls_keep_their_form() -> None:
    """Function, arguments by name, and what is read back are those of an observed call."""
    seen = [
        Call(function="f", args=([1, 2],), kwargs={"k": 3}, read_back=0),
        Call(function="f", args=([4],), kwargs={"k": 5}, read_back=0),
        Call(function="g"),
    ]

    @settings(max_examples=60, database=None, derandomize=True)
    @given(valid_inputs(seen, ""))
    def check(call: Any) -> None:
        form = (call.function, len(call.args), tuple(call.kwargs), call.read_back)
        assert form in {("f", 1, ("k",), 0), ("g", 0, (), None)}

    check()


def test_sets_are_learnt_from_in_one_order() -> None:
    """Whatever the hash seed of the judge's own process, the same is drawn."""
    script = (
        "from tests.calibrating.test_inputs import _made; from testsuites.literals import write_literal;"
        "print(list(map(write_literal, _made([{'a', 'b', 'xy'}, {'q', 'r'}, {'s'}], draws=40))))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1
