"""verifier.components: the gate, users' own components, and how both are found by name."""

from __future__ import annotations

import logging
import math
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.answers import fenced, stdio
from tests.verifier.components.evidence_made import answered, evidence
from testsuites.calibration import Cost
from verifier import Verifier
from verifier.components import (
    AIFeedback,
    Component,
    ComponentError,
    ComponentFault,
    Conciseness,
    Custom,
    Efficiency,
    Evidence,
    Meter,
    Panel,
    Safety,
    component_of,
    panel_of,
)
from verifier.components.loading import ALWAYS, BUILT_IN
from verifier.policy import Graded, PolicyError, load_policy
from verifier.verdict import Verdict

HIDDEN = "the answer is 271828"
PROGRAM = "print(1)\n"


def _measured(function: Any, told: Evidence | None = None) -> dict[str, float | None]:
    return Panel({"mine": Custom(function=function), "safety": Safety()}).measure(told or evidence())


def _raises(told: Evidence) -> float:
    raise ValueError(HIDDEN)


def _recurses(told: Evidence) -> float:
    return _recurses(told)


def _exits(told: Evidence) -> float:
    sys.exit(HIDDEN)


def _is_not_judged(told: Evidence) -> float:
    raise ComponentFault("the endpoint does not answer")


@pytest.mark.parametrize(
    ("figure", "passed"),
    [(0.0, 0.0), (1.0, 1.0), (0.25, 0.25), (1, 1.0), (True, 1.0), (False, 0.0), (-0.0, 0.0)],
    ids=str,
)
def test_numbers_from_0_to_1_pass(figure: Any, passed: float) -> None:
    """Yes and no are 1 and 0; a zero has no sign."""
    told = _measured(lambda told: figure)["mine"]
    assert told is not None
    assert (type(told), told, math.copysign(1.0, told)) == (float, passed, 1.0)


@pytest.mark.parametrize(
    "figure", [math.nan, math.inf, -math.inf, 2, -1, 1.0000001, 10**400, "1", b"1", [0.5], 1j, {}], ids=repr
)
def test_anything_else_is_not_judged(figure: Any, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged by the component's name, and no other component notices."""
    assert _measured(lambda told: figure) == {"correctness": 1.0, "mine": None, "safety": 1.0}
    assert caplog.messages == ["component mine gave no number from 0 to 1"]


@pytest.mark.parametrize(
    "function", [_raises, _recurses, _exits, _is_not_judged, lambda told: told.nothing, lambda: 1.0]
)
def test_what_raises_is_not_judged(function: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The log has the place, and not the text of the exception, which may quote the answer."""
    assert _measured(function) == {"correctness": 1.0, "mine": None, "safety": 1.0}
    (record,) = caplog.records
    assert "component mine" in record.getMessage()
    assert record.levelno == (logging.WARNING if function is _is_not_judged else logging.ERROR)
    assert HIDDEN not in caplog.text


def test_nothing_to_measure_is_left_out() -> None:
    """It is no fault of anyone's, and is not logged."""
    assert _measured(lambda told: None) == {"correctness": 1.0, "safety": 1.0}


def test_an_answer_without_a_program_has_no_figure_above_0() -> None:
    """No component is even asked."""
    asked: list[Evidence] = []
    told = evidence(None, verdict=Verdict.NO_CODE)
    assert _measured(asked.append, told) == {"correctness": 0.0, "mine": 0.0, "safety": 0.0}
    assert asked == []


def test_an_answer_without_a_program_has_no_figure_that_only_accepted_ones_have() -> None:
    """As a failing program has none, so that a mean is of accepted programs; and it is 0 in what judges any answer."""
    feedback: dict[str, Any] = {"model": "m", "criteria": {"clarity": "Is it clear?"}}
    components: dict[str, Component] = {
        "efficiency": Efficiency(),
        "of_accepted": AIFeedback(**feedback),
        "of_any": AIFeedback(**feedback, only_accepted=False),
    }
    panel = Panel(components)
    assert panel.measure(evidence(None, verdict=Verdict.NO_CODE)) == {"correctness": 0.0, "of_any": 0.0}
    failing = evidence(verdict=Verdict.WRONG_ANSWER, reference=Cost(cpu_seconds=1.0))
    assert Panel({"efficiency": Efficiency()}).measure(failing) == {"correctness": 0.0}


@given(st.text() | st.lists(st.sampled_from(["```python\n", "f()\n", "```\n", "<think>"])).map("".join))
def test_any_answer_has_figures_from_0_to_1(answer: str) -> None:
    """Of all that is always measured."""
    figures = Panel(panel_of({})).measure(answered(answer))
    assert set(figures) <= {"correctness", *ALWAYS}
    assert all(figure is not None and 0.0 <= figure <= 1.0 for figure in figures.values())


def test_batches_and_interrupts_reach_every_meter() -> None:
    """Those that hold something are told; the others have nothing to do."""
    told: list[str] = []

    class Telling(Meter):
        def measure(self, evidence: Evidence) -> float:
            return 1.0

        def begin_batch(self) -> None:
            told.append("batch")

        def interrupt(self) -> None:
            told.append("interrupt")

    class Told(Component, frozen=True, kw_only=True):
        def meter(self) -> Meter:
            return Telling()

    panel = Panel({"a": Told(), "safety": Safety(), "b": Told()})
    panel.begin_batch()
    panel.interrupt()
    assert told == ["batch", "batch", "interrupt", "interrupt"]


def test_a_function_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a module on the path, as the example of docs/rewards.md has it."""
    (tmp_path / "taste_h1.py").write_text(
        "def no_globals(evidence):\n    return 0.0 if 'global ' in (evidence.report.submission or '') else 1.0\n"
    )
    policy = tmp_path / "policy.toml"
    policy.write_text('kind = "graded"\n[components.no_globals]\nfunction = "taste_h1:no_globals"\nweight = 1\n')
    with pytest.raises(PolicyError, match=r"components\.no_globals: function: taste_h1 cannot be imported.*PYTHONPATH"):
        load_policy(policy)
    monkeypatch.syspath_prepend(tmp_path)
    suite = stdio(("", "1"))
    with Verifier(policy=str(policy), workers=1) as verifier:
        good, bad = (verifier.grade(fenced(program), suite) for program in (PROGRAM, f"global x\n{PROGRAM}"))
    assert (good.reward, good.components["no_globals"]) == (1.0, 1.0)
    assert (bad.reward, bad.components["no_globals"]) == (pytest.approx(0.8), 0.0)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("", "form module:name"),
        ("module", "form module:name"),
        (":name", "form module:name"),
        ("module:", "form module:name"),
        (1, "form module:name"),
        ("no_such_module_h1:f", "no_such_module_h1 cannot be imported"),
        ("math:no_such_function", "no function no_such_function in math"),
        ("math:pi", "no function pi in math"),
        ("broken_h1:f", r"broken_h1 cannot be imported \(SyntaxError"),
        ("failing_h1:f", r"failing_h1 cannot be imported \(ZeroDivisionError"),
        ("ending_h1:f", r"ending_h1 cannot be imported \(SystemExit"),
    ],
)
def test_a_function_that_cannot_be_found_is_refused(
    function: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its module does when it is imported, the policy is refused in one line."""
    (tmp_path / "broken_h1.py").write_text("def f(:\n")
    (tmp_path / "failing_h1.py").write_text("1 / 0\n")
    (tmp_path / "ending_h1.py").write_text("import sys\nsys.exit(0)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ComponentError, match=message):
        Custom(function=function)


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != "ai_feedback"])
def test_each_is_found_by_its_name(name: str) -> None:
    """With its weight; a number that it does not have is refused, and so is nonsense."""
    assert isinstance(component_of(name, {"weight": 2}), BUILT_IN[name])
    assert component_of(name, {"weight": 2}).weight == 2.0
    for table in ({"wieght": 2}, {"weight": "much"}, {"weight": -1}):
        with pytest.raises(ComponentError, match=rf"^components\.{name}: "):
            component_of(name, table)


@pytest.mark.parametrize(
    ("name", "table", "message"),
    [
        ("brevity", {}, "no such component; use .*conciseness.*function"),
        ("correctness", {"weight": 1}, "weigh the others"),
        ("judged", {"weight": 1, "function": "builtins:abs"}, "a metric of that name already"),
        ("a b", {}, "letters, digits"),
        ("größe", {}, "letters, digits"),
        ("safety", 1, "expected a table"),
    ],
)
def test_unknown_components_are_refused(name: str, table: Any, message: str) -> None:
    """The message begins with the place in the file."""
    with pytest.raises(ComponentError, match=rf"^components\.{name}: .*{message}"):
        component_of(name, table)


def test_a_policys_components_take_the_places_of_those_that_are_always_measured() -> None:
    """Its numbers count, and the others are measured as they are."""
    panel = panel_of({"conciseness": Conciseness(typical=7)})
    assert panel["conciseness"] == Conciseness(typical=7)
    assert set(panel) == set(ALWAYS)


def test_components_tell_accepted_answers_apart_and_no_others() -> None:
    """From the answer to the reward: length costs a right program something, and a wrong one nothing."""
    policy = Graded(components={"conciseness": {"weight": 1, "typical": 10}}, at_stake=0.5)
    long = PROGRAM + "x = 1\n" * 100
    with Verifier(policy=policy, workers=1) as verifier:
        short_right, long_right = (verifier.grade(fenced(text), stdio(("", "1"))) for text in (PROGRAM, long))
        short_wrong, long_wrong = (verifier.grade(fenced(text), stdio(("", "2"))) for text in (PROGRAM, long))
    assert (short_right.components["conciseness"], long_right.components["conciseness"]) == (1.0, 0.0)
    assert (short_right.reward, long_right.reward) == (1.0, 0.5)
    assert (short_wrong.components["conciseness"], long_wrong.components["conciseness"]) == (1.0, 0.0)
    assert short_wrong.reward == long_wrong.reward == -0.8
