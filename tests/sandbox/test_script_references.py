"""What a program's side may say to test code: any text is an answer or is refused, and acts nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.inside import values
from sandbox.inside.given import Given
from sandbox.inside.reading import Reader
from sandbox.inside.sending import Sender


class Silent:
    """A channel that nobody is at the other end of: reading alone never asks."""

    stops = 1
    rebound = False

    def __init__(self) -> None:
        """Have one function and one exception of the test code."""
        self.sender = Sender(self)
        self.sender.number_function("function", len, len)
        self.sender.number_error(KeyError(1))
        self.reader = Reader(self)

    def hinder(self, why: str) -> None:
        """Note nothing."""

    def act(self, *act: Any, **options: Any) -> Any:
        """Answer as the other side would to whoever hashes an object."""
        return 1


def read(text: str, *arguments: Any) -> Any:
    """Read one answer to an act with these arguments."""
    return Silent().reader.read(text, Given(arguments))


_numbers = st.integers(-2, 3)
_texts = st.sampled_from(["", "a", "Stack", "ValueError", "ExceptionGroup", "UnicodeDecodeError", "int", "\0", "mro"])
_names = st.lists(_texts | st.sampled_from(["__eq__", "__hash__", "__len__", "__class__", "__slots__"]), max_size=4)
_references = st.deferred(lambda: _described | st.builds(lambda tag, n: {tag: n}, st.sampled_from("ake"), _numbers))
_described: st.SearchStrategy[Any] = st.one_of(
    st.builds(lambda n: {"h": [n]}, _numbers),
    st.builds(lambda n, name: {"h": [n, "function", name]}, _numbers, _texts),
    st.builds(
        lambda n, name, path, bases, special, methods: {"h": [n, "class", name, path, bases, special, methods]},
        *(_numbers, _texts, _texts, st.lists(_texts | _references, max_size=3), _names, _names),
    ),
    st.builds(lambda n, kind, base: {"h": [n, "object", kind, base]}, _numbers, _texts | _references, _texts),
    st.builds(
        lambda n, kind, args, text, cause: {"h": [n, "error", kind, args, text, cause]},
        *(_numbers, _texts | _references, st.lists(_texts | _references, max_size=2), _texts, st.none() | _references),
    ),
)
_trees = st.recursive(
    _references | st.none() | _numbers | _texts | st.builds(lambda parts: {"T": parts}, st.lists(_texts | _numbers)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(lambda tag, body: {tag: body}, st.sampled_from("hakeTstd"), st.lists(inner, max_size=3))
    ),
    max_leaves=8,
)
_answers = st.builds(lambda how, *rest: [how, *rest], st.sampled_from(["value", "raised", "callback"]), _trees, _trees)


@given(st.text() | _trees.map(json.dumps) | _answers.map(json.dumps))
@example('["value",{"T":["date",[0,0,0],false]},[]]')
@example('["value",{"T":["timedelta",[99999999999,0,0],false]},[]]')
@example('["value",{"h":[0,"error","KeyError",{"t":[]},"",null]},[]]')
@example('["value",null,[[0,{"s":[]}]]]')
@example('["value",{"s":[{"h":[0,"object",{"h":[1,"class","X","",[],["__hash__"],[]]},""]}]},[]]')
def test_any_text_is_an_answer_or_is_refused(text: str) -> None:
    """Nothing but NotPlainData comes out of hostile texts, and no argument changes its kind."""
    given: list[Any] = [[1], {2: 3}, {4}]
    try:
        how, _ = read(text, *given)
    except values.NotPlainData:
        return
    assert how in ("value", "raised", "callback")
    assert list(map(type, given)) == [list, dict, set]


@given(st.binary())
def test_an_act_is_read_or_refused(data: bytes) -> None:
    """The same for what comes the other way, which nobody but the test code writes."""
    text = data.decode("latin-1")
    try:
        values.decode(text.encode(), lambda tag, body, read: tag)
    except values.NotPlainData:
        return


@pytest.mark.parametrize(
    ("arguments", "plain", "count"),
    [
        (([1], {2: [3]}), True, 3),
        (("x", 1, None), True, 0),
        (((a := [1]), a), False, 1),
        (([(1, [2])], {frozenset({1}): (3,)}), True, 3),
        ((object(),), False, 0),
        (([object()],), False, 1),
    ],
)
def test_containers_of_arguments_are_numbered_once(arguments: tuple[Any, ...], plain: bool, count: int) -> None:
    """Those that are there twice, and what is no data, make a call that cannot go as it is."""
    given = Given(arguments)
    assert (given.plain, len(given.containers)) == (plain, count)


def test_a_change_is_told_by_what_a_container_holds() -> None:
    """Another item, order, key or length is a change; an equal one in its place is one too, the same one is not."""
    lists: list[Any] = [[1, 2], [1, 2], [1.0], [True], {1: 2}, {1: 2}, {1}, [3]]
    given = Given(lists)
    copies = given.copies()
    lists[0].reverse()
    lists[1].append(3)
    lists[2][0] = 1
    lists[3][0] = True
    lists[4][1] = 3
    lists[5][2] = 1
    lists[6].add(2)
    assert given.changed_since(copies) == [0, 1, 2, 4, 5, 6]
