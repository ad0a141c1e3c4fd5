"""Laws of comparators: functions that say whether an actual output may stand for the expected one.

Texts are tried on every comparator. Values are tried on those that know lists.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from verifier.fuzzing.law import Law, LawBroken
from verifier.fuzzing.strategies.problems import printed, returned
from verifier.fuzzing.strategies.spoiling import apply, text_spoilers, value_spoilers
from verifier.fuzzing.strategies.values import any_text, values

Compared = Callable[[Any, Any], bool]
Pair = tuple[Any, Any]

_MOST_SECONDS = 2.0
"""Of processor time, for outputs of a megabyte; a sound comparator needs a hundredth."""
_FLOODS = ("0 " * 500_000, "0\n" * 500_000, "x" * 1_000_000, "1." + "0" * 1_000_000, "1" * 1_000_000, " " * 1_000_000)


def _equal(compared: Compared, pair: Pair) -> bool:
    """Ask a comparator.

    Raises:
        LawBroken: it raised.
    """
    try:
        return bool(compared(*pair))
    except Exception as error:
        raise LawBroken(f"raised {type(error).__name__}", example=_told(pair)) from None


def _told(pair: Pair) -> str:
    expected, actual = map(_written, pair)
    return f"expected {expected}\nactual   {actual}"


def _written(value: Any) -> str:
    try:
        text = ascii(value)
    except ValueError:
        return f"{type(value).__name__} with an integer of more than 4,300 digits"
    return text if len(text) <= 300 else f"{text[:300]}... ({len(text):,} characters)"


def _accepts(compared: Compared, pair: Pair) -> None:
    if not _equal(compared, pair):
        raise LawBroken("refused", example=_told(pair))


def _refuses(compared: Compared, pair: Pair) -> None:
    if _equal(compared, pair):
        raise LawBroken("accepted", example=_told(pair))


def _answers(compared: Compared, pair: Pair) -> None:
    _equal(compared, pair)


def _answers_soon(compared: Compared, pair: Pair) -> None:
    start = time.process_time()
    _equal(compared, pair)
    seconds = time.process_time() - start
    if seconds > _MOST_SECONDS:
        raise LawBroken(f"took {seconds:.1f} s of processor time", example=_told(pair))


def _knows_lists(compared: Compared) -> bool:
    try:
        return bool(compared([0], [0]))
    except Exception:
        return False


def _is_lenient(compared: Compared) -> bool:
    try:
        return bool(compared("0\n", "0"))
    except Exception:
        return False


def _where(holds: Callable[[Compared], bool], pairs: st.SearchStrategy[Pair]) -> Callable[[Compared], Any]:
    return lambda compared: pairs if holds(compared) else None


def _always(_: Compared) -> bool:
    return True


def _laid_out(text: str) -> st.SearchStrategy[Pair]:
    layouts = (f"{text}\n", text.replace("\n", " \n"), text.replace("\n", "\r\n"), text.rstrip("\n"), f"{text}\n \n")
    return st.tuples(st.just(text), st.sampled_from(layouts))


def _spoilt_text(text: str) -> st.SearchStrategy[Pair]:
    return st.sampled_from(text_spoilers(text)).map(lambda change: (text, apply(change, said=text)))


def _spoilt_value(value: Any) -> st.SearchStrategy[Pair]:
    return st.sampled_from(value_spoilers(value)).map(lambda change: (value, apply(change, value=value)))


def _cut(text: str) -> st.SearchStrategy[Pair]:
    """Make a text and the same with words missing at its end, in either role."""
    words = text.split()
    shorter = st.integers(0, len(words) - 1).map(lambda count: " ".join(words[:count]))
    return st.tuples(st.just(text), shorter).flatmap(lambda pair: st.sampled_from([pair, pair[::-1]]))


def _cut_list(items: list[Any]) -> st.SearchStrategy[Pair]:
    shorter = st.integers(0, len(items) - 1).map(lambda count: items[:count])
    return st.tuples(st.just(items), shorter).flatmap(lambda pair: st.sampled_from([pair, pair[::-1]]))


def _neighbours() -> st.SearchStrategy[tuple[int, int]]:
    """Make two integers that differ by one, most of them larger than floats can tell apart."""
    large = st.integers(52, 200).map(lambda bits: 2**bits)
    return st.tuples(large | st.integers(0, 99), st.sampled_from([1, -1])).map(lambda pair: (pair[0], sum(pair)))


def _same_values() -> st.SearchStrategy[Any]:
    """Make values that ``==`` themselves, which NaN does not."""
    return returned() | values().filter(lambda value: copy.deepcopy([value]) == [value])


_TEXTS = printed().filter(bool)

COMPARATOR_LAWS: tuple[Law[Compared], ...] = (
    Law(
        name="comparator-accepts-the-same-text",
        says="A text equals itself.",
        cases=_where(_always, st.one_of(printed(), st.text()).map(lambda text: (text, text))),
        check=_accepts,
    ),
    Law(
        name="comparator-ignores-layout",
        says="Blanks at the ends of lines, CRLF and empty last lines do not matter, where a last line feed does not.",
        cases=_where(_is_lenient, printed().flatmap(_laid_out)),
        check=_accepts,
    ),
    Law(
        name="comparator-sees-one-wrong-token",
        says="One wrong digit, letter, word or line makes a wrong text.",
        cases=_where(_always, printed().flatmap(_spoilt_text)),
        check=_refuses,
    ),
    Law(
        name="comparator-sees-full-length",
        says="A text never equals its beginning.",
        cases=_where(_always, _TEXTS.flatmap(_cut)),
        check=_refuses,
    ),
    Law(
        name="comparator-is-exact-on-integers",
        says="Integers that differ by one are told apart, whatever their size.",
        cases=_where(_always, _neighbours().map(lambda pair: (f"{pair[0]}\n", f"{pair[1]}\n"))),
        check=_refuses,
    ),
    Law(
        name="comparator-keeps-case",
        says="Words in other letters are other words.",
        cases=_where(_always, st.sampled_from(["YES", "no", "aB"]).map(lambda word: (word, word.swapcase()))),
        check=_refuses,
    ),
    Law(
        name="comparator-never-raises",
        says="Any two texts are compared, lone surrogates and NUL included.",
        cases=_where(_always, st.tuples(st.text(), any_text())),
        check=_answers,
    ),
    Law(
        name="comparator-needs-bounded-time",
        says="A megabyte of output is compared in a few seconds of processor time.",
        cases=_where(_always, st.tuples(printed() | st.sampled_from(_FLOODS), st.sampled_from(_FLOODS))),
        check=_answers_soon,
    ),
    Law(
        name="comparator-accepts-the-same-value",
        says="A value equals itself.",
        cases=_where(_knows_lists, _same_values().map(lambda value: (value, value))),
        check=_accepts,
    ),
    Law(
        name="comparator-sees-one-wrong-leaf",
        says="One wrong item, key or scalar, however deep, makes a wrong value.",
        cases=_where(_knows_lists, returned().flatmap(_spoilt_value)),
        check=_refuses,
    ),
    Law(
        name="comparator-sees-all-items",
        says="A list never equals its beginning.",
        cases=_where(_knows_lists, st.lists(returned(), min_size=1, max_size=4).flatmap(_cut_list)),
        check=_refuses,
    ),
    Law(
        name="comparator-is-exact-on-integer-values",
        says="Integers that differ by one are told apart in lists as well.",
        cases=_where(_knows_lists, _neighbours().map(lambda pair: ([pair[0]], [pair[1]]))),
        check=_refuses,
    ),
    Law(
        name="comparator-never-raises-on-values",
        says="Any two values are compared.",
        cases=_where(_knows_lists, st.tuples(values(), values())),
        check=_answers,
    ),
)
