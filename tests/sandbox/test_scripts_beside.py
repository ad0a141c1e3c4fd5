"""A script that runs a program of its own, once for each answer, in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from sandbox import Call, Limits, LocalSandbox, Run, Status
from sandbox.local import Script
from sandbox.local.scripts import Answer

LIMITS = Limits(cpu_seconds=5.0)
RUNS_IT = "tell(run(__beside__))"
RUN = """
def run(code):
    namespace = {}
    try:
        exec(code, namespace)
    except BaseException as error:
        return type(error).__name__
    return namespace["value"]
"""


@pytest.fixture(scope="module")
def scripts() -> Iterator[LocalSandbox]:
    """Start a sandbox for trusted scripts."""
    with LocalSandbox(1) as scripts:
        yield scripts


def told(scripts: LocalSandbox, beside: str, times: int = 1) -> list[object]:
    """Run a program so often, and return what its value was each time."""
    values: list[object] = []

    def answer(part: int, call: Call) -> Run:
        values.append(call.args[0])
        return Run(status=Status.FINISHED)

    script = Script(setup=RUN, parts=(RUNS_IT,), names=("tell",), beside=beside)
    outcomes = list(scripts.run_scripts(script, [answer] * times, LIMITS))
    assert [[end.how for end in outcome.ends] for outcome in outcomes] == [["passed"]] * times
    return values


def test_the_modules_of_the_program_are_loaded(scripts: LocalSandbox) -> None:
    """A module that nothing else names can be imported, though no file can be opened any more."""
    assert told(scripts, "import colorsys\nvalue = colorsys.rgb_to_hsv(0, 0, 1)[2]") == [1]
    assert told(scripts, "value = __import__(''.join(['color', 'sys']))") == ["ModuleNotFoundError"]


def test_a_program_that_does_not_compile_says_so_when_it_is_run(scripts: LocalSandbox) -> None:
    """The script finds its text in place of its code."""
    assert told(scripts, "value =") == ["SyntaxError"]


def test_each_run_is_a_process_of_its_own(scripts: LocalSandbox) -> None:
    """What one leaves in a module, the next does not find."""
    code = "import json\nvalue = json.seen = getattr(json, 'seen', 0) + 1"
    assert told(scripts, code, times=3) == [1, 1, 1]


def test_one_that_dies_costs_the_others_nothing(scripts: LocalSandbox) -> None:
    """Each outcome is of its own process."""
    asked = iter([True, False, True])

    def answer(part: int, call: Call) -> Run:
        return Run(status=Status.FINISHED, value=next(asked))

    script = Script(setup="import os", parts=("go_on() or os._exit(3)",), names=("go_on",))
    first, second, third = scripts.run_scripts(script, [answer] * 3, LIMITS)
    assert [end.how for outcome in (first, third) for end in outcome.ends] == ["passed", "passed"]
    assert not second.ends
    assert second.early_end is not None
    assert second.early_end.status is Status.CRASHED


def test_an_answer_is_asked_for_when_the_outcome_before_it_was_taken(scripts: LocalSandbox) -> None:
    """So what came of one can decide whether there is another; a worker that was left early is free again."""
    taken: list[str] = []

    def answers() -> Iterator[Answer]:
        for number in range(3):
            taken.append(f"asked {number}")
            yield lambda part, call: Run(status=Status.FINISHED)

    outcomes = scripts.run_scripts(Script(setup="", parts=("",)), answers(), LIMITS)
    for number, _ in zip(range(2), outcomes, strict=False):
        taken.append(f"taken {number}")
    outcomes.close()
    assert taken == ["asked 0", "taken 0", "asked 1", "taken 1"]
    assert told(scripts, "value = 5") == [5]


def test_a_script_shows_nothing_of_its_program() -> None:
    """The program is hidden, as test code is."""
    assert str(os.getpid()) not in repr(Script(setup="", parts=(), beside=f"value = {os.getpid()}"))
