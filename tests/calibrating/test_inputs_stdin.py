"""verifier.calibrating.inputs.stdin: standard inputs like those of a suite."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Stdin
from verifier.calibrating.inputs.stdin import _layout, valid_stdins

quick = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def _made(*seen: str, draws: int = 120) -> list[str]:
    found: list[str] = []

    @settings(max_examples=draws, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(valid_stdins([Stdin(text.encode()) for text in seen], ""))
    def draw(made: Stdin) -> None:
        found.append(made.data.decode())

    draw()
    assert len(set(found)) > 5
    return found


def _numbers(line: str) -> list[int]:
    return list(map(int, line.split()))


def _count_and_line(text: str) -> bool:
    first, second = text.splitlines()
    return int(first) == len(second.split())


def _count_and_rows(text: str) -> bool:
    head, *rows = text.splitlines()
    return _numbers(head)[0] == len(rows) and all(len(_numbers(row)) == 2 for row in rows)


def _map(text: str) -> bool:
    head, *rows = text.splitlines()
    return (
        _numbers(head) == [len(rows), len(rows[0])] and len(set(map(len, rows))) == 1 and set("".join(rows)) <= {*".#"}
    )


def _bounded_edges(text: str) -> bool:
    head, *rows = text.splitlines()
    towns, roads = _numbers(head)
    return roads == len(rows) and all(1 <= town <= towns for row in rows for town in _numbers(row))


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        (("3\n1 2 3\n", "2\n5 6\n", "1\n9\n"), _count_and_line),
        (("2 9\n1 2\n3 4\n", "1 5\n7 8\n", "3 5\n7 8\n1 1\n2 4\n"), _count_and_rows),
        (("2 3\n.#.\n...\n", "1 2\n##\n", "3 1\n.\n#\n.\n"), _map),
        (("3 2\n1 3\n2 3\n", "2 1\n1 2\n", "4 3\n4 1\n1 2\n3 4\n"), _bounded_edges),
        (
            ("+a\n?\n", "-b\n+c d\n", "?\n?\n+x\n-yz\n"),
            lambda text: all(line[0] in "+-?" for line in text.splitlines()),
        ),
        (("1.5 2.0\n", "3.25 4.5\n", "9.0 0.1\n"), lambda text: all(float(word) > 0 for word in text.split())),
    ],
)
def test_structure_is_kept_and_counts_stay_right(seen: tuple[str, ...], rule: Callable[[str], bool]) -> None:
    """Words in columns, numbers that count words, lines and characters, bounds, alphabets, the last line's end."""
    assert all(map(rule, seen))
    made = _made(*seen)
    assert [text for text in made if not rule(text)] == []
    assert all(text.endswith("\n") for text in made)


def test_sizes_change() -> None:
    """Inputs of sizes that were not seen are made, with the count that goes with them."""
    sizes = {text.splitlines()[0] for text in _made("3\n1 2 3\n", "2\n5 6\n", "1\n9\n", draws=300)}
    assert len(sizes - {"1", "2", "3"}) > 0


@given(st.text(st.characters(codec="utf-8")))
@quick
def test_a_text_that_is_taken_apart_is_put_together_again(text: str) -> None:
    """Whatever the text, spaces and line ends included."""
    layout, inputs = _layout([text])
    assert layout.join(layout.split(inputs[0])).data.decode() == text


@given(st.lists(st.binary() | st.from_regex(rb"[0-9 \n]*", fullmatch=True), min_size=1, max_size=4), st.data())
@quick
def test_any_bytes_can_be_learnt_from(seen: list[bytes], data: st.DataObject) -> None:
    """Whatever a suite gives on standard input, more of the kind can be made; nothing of what is not UTF-8."""
    strategy = valid_stdins([Stdin(item) for item in seen], "")
    if not strategy.is_empty:
        data.draw(strategy).data.decode()
