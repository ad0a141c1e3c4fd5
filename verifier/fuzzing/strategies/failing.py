"""Programs that are right on all tests but some: the reference, with something wrong done to those tests."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st

from testsuites.model import StdioSuite
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies.spoiling import text_spoilers, value_spoilers
from verifier.fuzzing.strategies.wrapping import SAID, VALUE, KnownTest, known_tests, wrapped

RAISES = "raise ValueError"
LOOPS = "any(iter(int, 1))"
_WRONG = "wrong"


def failable(problem: Problem) -> tuple[int, ...]:
    """Return the numbers of the tests that `failing` can fail, from 0."""
    return tuple(known_tests(problem))


def fails(problem: Problem, tests: Collection[int], action: str = "") -> str:
    """Return the reference with a wrong answer to those tests, or with a statement that keeps it from answering.

    Args:
        problem: the problem.
        tests: numbers out of `failable`.
        action: such as `RAISES` or `LOOPS`.
    """
    known = known_tests(problem)
    whole = isinstance(problem.suite, StdioSuite)
    right = {str(output) for test in known.values() for output in test.right}
    wrong = next(text for text in (_WRONG, _WRONG * 2, _WRONG * 3) if text not in right)
    return wrapped(problem, repr(f"{wrong}\n" if whole else wrong), {known[test].key for test in tests}, action=action)


def failing(problem: Problem, tests: Collection[int] | None = None, *, quick: bool = False) -> st.SearchStrategy[str]:
    """Make programs that answer right on all tests of a problem but a chosen subset.

    For example the reference, and below it ``if zlib.crc32(...) in {104557}: said = 'wrong'``, or ``raise ValueError``,
    or an endless loop. Shrinks to one test that is answered wrong.

    Args:
        problem: the problem.
        tests: numbers of tests out of `failable`, at least one; None for any.
        quick: without those that never end.

    Raises:
        ValueError: there is no such test: the reference cannot be wrapped, or the tests are of test code.
    """
    possible = sorted(failable(problem) if tests is None else tests)
    if not possible:
        raise ValueError("no test of this problem can be failed alone; see `failable`")
    chosen = st.lists(st.sampled_from(possible), min_size=1, unique=True) if tests is None else st.just(possible)
    actions = st.sampled_from(["", RAISES] if quick else ["", "", "", RAISES, RAISES, LOOPS])
    return st.builds(lambda numbers, action: fails(problem, numbers, action), chosen, actions)


def spoilt(problem: Problem) -> st.SearchStrategy[str]:
    """Make programs with one small change to the output of one test: a digit, the case, a line more.

    For example the reference, and below it ``if zlib.crc32(...) in {104557}: said = said.swapcase()``. Shrinks to the
    first test.

    Raises:
        ValueError: as `failing`.
    """
    known = list(known_tests(problem).values())
    if not known:
        raise ValueError("no output of this problem can be changed alone; see `failable`")
    return st.sampled_from(known).flatmap(
        lambda test: st.sampled_from(spoilers(problem, test)).map(lambda change: wrapped(problem, change, {test.key}))
    )


def spoilers(problem: Problem, test: KnownTest) -> tuple[str, ...]:
    """Return the small changes that make a wrong output of the right one of a test, as expressions."""
    if isinstance(problem.suite, StdioSuite):
        return text_spoilers(test.right[0])
    return value_spoilers(*test.right, comparator=problem.suite.comparator)


def unchanged(problem: Problem) -> str:
    """Return the reference, wrapped like the others, with every answer as it was."""
    return wrapped(problem, SAID if isinstance(problem.suite, StdioSuite) else VALUE)
