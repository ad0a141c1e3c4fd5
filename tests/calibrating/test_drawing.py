"""verifier.calibrating.drawing: inputs drawn from a strategy, and made smaller."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from sandbox import SandboxFault, Stdin
from verifier.calibrating.drawing import draw, size, smaller
from verifier.calibrating.observing import AnyInput

NUMBERS: st.SearchStrategy[AnyInput] = st.lists(st.integers(0, 10**9), max_size=9).map(
    lambda numbers: Stdin(" ".join(map(str, numbers)).encode())
)


def _words(item: AnyInput) -> list[bytes]:
    assert isinstance(item, Stdin)
    return item.data.split()


def _long() -> AnyInput:
    return next(item for item in draw(NUMBERS, 50, 0) if len(_words(item)) > 4)


def test_inputs_differ_and_the_seed_decides() -> None:
    """So many as are wanted, each once; another seed gives others."""
    found = draw(NUMBERS, 50, 0)
    assert len(set(map(size, found))) == 50
    assert draw(NUMBERS, 50, 0) == found != draw(NUMBERS, 50, 1)


@pytest.mark.parametrize("strategy", [st.nothing(), NUMBERS.filter(lambda item: False)])
def test_where_there_is_none_none_is_drawn(strategy: st.SearchStrategy[AnyInput]) -> None:
    """It is no error."""
    assert draw(strategy, 5, 0) == []


def test_few_are_all_drawn() -> None:
    """Where there are fewer than are wanted."""
    few: st.SearchStrategy[AnyInput] = st.sampled_from([Stdin(b"a"), Stdin(b"b")])
    assert sorted(draw(few, 50, 0), key=size) == [Stdin(b"a"), Stdin(b"b")]


def test_an_input_is_made_small() -> None:
    """What shows the same is left: five words, each as short as can be."""
    found = smaller(NUMBERS, 50, 0, _long(), lambda item: len(_words(item)) > 4)
    assert found == Stdin(b"0 0 0 0 0")


@pytest.mark.parametrize("shows", [lambda item: False, lambda item: next(COIN)])
def test_what_does_not_show_again_is_left_as_it_was(shows: Callable[[AnyInput], bool]) -> None:
    """A program that is not the same each time is no error."""
    found = smaller(NUMBERS, 50, 0, _long(), shows)
    assert size(found) <= size(_long())


COIN = iter([True, False] * 1000)


def test_a_fault_ends_the_search_at_once() -> None:
    """It is told as it is, and not looked for again."""
    asked = []

    def shows(item: AnyInput) -> bool:
        asked.append(item)
        raise SandboxFault("gone")

    with pytest.raises(SandboxFault, match="gone"):
        smaller(NUMBERS, 50, 0, _long(), shows)
    assert len(asked) == 1
