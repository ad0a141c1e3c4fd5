"""Laws of extractors: functions that find the program in an answer (docs/answers.md)."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import strategies as st

from verifier.fuzzing.law import Law, LawBroken
from verifier.fuzzing.strategies.answers import answers, as_extracted, broken_answers, reasoned

Extractor = Callable[[str, str], str | None]

_PYTHON = "python"
_PROGRAMS = (
    "print(1)\n",
    "def f(x):\n    return x + 1\n",
    'import sys\n\nTEXT = """\n  # no\n"""\n\nprint(sys.stdin.read())\n',
    'def f():\n    """Give an example.\n\n    ```python\n    f()\n    ```\n    """\n',
    "print('</think>')\n",
    "x = 1\nif x:\n\tprint('~~~')\n",
    "print(1",
)
_PIECES = (
    *("`", "~", "\n", " ", "(", "x = 1\n", "<think>", "</think>"),
    *("```python\n", "```python\nx\n```\n", "```python\n</think>\n", "</think>``` a `"),
)
_SMALL, _LARGE = 250_000, 1_000_000
_MOST_GROWTH = 10
"""Of processor time, for four times the text; sixteen would be quadratic."""
_NOISE_SECONDS = 0.2


def _extracted(extractor: Extractor, answer: str) -> str | None:
    """Ask an extractor.

    Raises:
        LawBroken: it raised.
    """
    try:
        return extractor(answer, _PYTHON)
    except Exception as error:
        raise LawBroken(f"raised {type(error).__name__}", example=answer) from None


def _never_raises(extractor: Extractor, answer: str) -> None:
    _extracted(extractor, answer)


def _finds(extractor: Extractor, case: tuple[str, str]) -> None:
    program, answer = case
    found = _extracted(extractor, answer)
    if found is None or as_extracted(found) != as_extracted(program):
        told = "found no program" if found is None else "found another text than the program"
        raise LawBroken(told, example=answer)


def _keeps_out(extractor: Extractor, answer: str) -> None:
    if _extracted(extractor, answer) is not None:
        raise LawBroken("found a program in reasoning", example=answer)


def _is_linear(extractor: Extractor, piece: str) -> None:
    for _ in range(2):  # once could be the machine's doing
        small, large = (_seconds(extractor, piece * (size // len(piece))) for size in (_SMALL, _LARGE))
        if large <= _MOST_GROWTH * small + _NOISE_SECONDS:
            return
    told = f"took {small:.2f} s of processor time, and {large:.2f} s for four times the text"
    raise LawBroken(told, example=f"{piece!r}, repeated")


def _seconds(extractor: Extractor, answer: str) -> float:
    start = time.process_time()
    _extracted(extractor, answer)
    return time.process_time() - start


EXTRACTOR_LAWS: tuple[Law[Extractor], ...] = (
    Law(
        name="extractor-never-raises",
        says="Any text is read, lone surrogates and NUL included.",
        cases=lambda _: broken_answers(),
        check=_never_raises,
    ),
    Law(
        name="extractor-finds-the-program",
        says="The program comes back whole from every form of docs/answers.md.",
        cases=lambda _: st.sampled_from(_PROGRAMS).flatmap(
            lambda program: st.tuples(st.just(program), answers(program))
        ),
        check=_finds,
    ),
    Law(
        name="extractor-keeps-out-of-reasoning",
        says="A program in reasoning is no program, also where it is the only one.",
        cases=lambda _: reasoned(),
        check=_keeps_out,
    ),
    Law(
        name="extractor-needs-linear-time",
        says="Four times the text takes about four times the time.",
        cases=lambda _: st.sampled_from(_PIECES),
        check=_is_linear,
    ),
)
