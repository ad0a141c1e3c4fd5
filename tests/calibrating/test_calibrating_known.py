"""verifier.calibrating.known and .bench: which programs count as right or wrong, and what judging them gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sandbox import Job, Outcome, Run
from tests.verifier.answers import calls, fenced, script
from testsuites.directory import Labelled
from verifier.calibrating.bench import Bench
from verifier.calibrating.known import right_programs, second_references, wrong_programs
from verifier.calibrating.material import Material

REFERENCE = "def f(x):\n    y = x\n    return y\n"
SUITE = calls((1, 1), (2, 2))


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _labelled(label: str, text: str, *, is_answer: bool = False) -> Labelled:
    return Labelled(label=label, name="x", text=text, is_answer=is_answer)


MATERIAL = Material(
    suite=SUITE,
    reference=REFERENCE,
    submissions=(
        _labelled("accepted", fenced("def f(x): return x"), is_answer=True),
        _labelled("wrong_answer", "def f(x): return 1"),
        _labelled("no_code", "I cannot.", is_answer=True),
        _labelled("judge_error", "def f(x): return x"),
        _labelled("draft", "def f(x): return 3"),
    ),
)


def test_labels_say_what_is_right_and_what_is_wrong() -> None:
    """A folder that is no verdict on a program is left out, and an answer counts as the program in it."""
    assert [known.name for known in right_programs(MATERIAL)] == [
        "reference, wrapped-in-if", "reference, renamed-locals", "reference, crlf-line-ends", "submissions/accepted/x",
    ]  # fmt: skip
    assert wrong_programs(MATERIAL) == [
        ("submissions/wrong_answer/x", "def f(x): return 1"),
        ("submissions/no_code/x", None),
    ]
    assert second_references(MATERIAL) == ["def f(x): return x\n"]
    assert second_references(MATERIAL, ["submissions/accepted/x"]) == []


def test_only_what_passes_every_test_is_accepted(bench: Bench) -> None:
    """However it fails, and where the answer holds no program."""
    assert bench.accepts(SUITE, REFERENCE)
    for wrong in (
        "def f(x): return 1",
        "def f(x): return 1 / (x - 1)",
        "def g(x): return x",
        "def f(",
        "import os; os._exit(0)",
        None,
    ):
        assert not bench.accepts(SUITE, wrong)


def test_a_program_that_breaks_the_test_code_is_not_accepted(bench: Bench) -> None:
    """It is not judged, and nothing but acceptance is acceptance."""
    broken = script("assert (f", id="broken")
    assert not bench.accepts(broken, REFERENCE)


def test_no_test_follows_a_failed_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it failed by its value or by a crash; a program that passes is run on all."""
    outcomes: list[Outcome] = []
    run = bench.sandbox.run

    def noting(job: Job, enough: Callable[[Run], bool]) -> Outcome:
        outcomes.append(run(job, enough=enough))
        return outcomes[-1]

    monkeypatch.setattr(bench.sandbox, "run", noting)
    suite = calls(*((number, number) for number in range(200)))
    programs = ["def f(x): return x", "def f(x): return min(x, 2)", "def f(x): return x if x < 5 else 1 / 0"]
    assert [bench.accepts(suite, program) for program in programs] == [True, False, False]
    assert [len(outcome.runs) for outcome in outcomes] == [200, 4, 6]


def test_results_keep_the_order_and_an_error_ends_all() -> None:
    """Whatever several workers do at once."""
    with Bench(3) as bench:
        assert bench.each(lambda number: number * number, range(50)) == [number * number for number in range(50)]
        with pytest.raises(ZeroDivisionError):
            bench.each(lambda number: 1 // (number - 7), range(50))
