"""Campaigns: references first, then exploits, laws and reducing, within their time."""

from __future__ import annotations

import ast
import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.fuzzing.attacking import Result, in_turn, selected
from verifier.fuzzing.campaign import Step, run
from verifier.fuzzing.exploits import attacks, load, problems
from verifier.fuzzing.law import Law, LawBroken, Setting
from verifier.fuzzing.reducing import EnoughError, reduce_program, reduce_text
from verifier.fuzzing.scorecard import Scorecard
from verifier.fuzzing.targets import BaseTarget, TargetError, open_target

ROOT = str(Path(__file__).parents[2])
EXITS = "^A1/(os-exit-at-import|os-exit-inside|system-exit-inside)$"


@contextlib.contextmanager
def opened(name: str) -> Iterator[BaseTarget]:
    """Open a target of `graders_odd`."""
    with contextlib.closing(open_target(f"tests.fuzzing.graders_odd:{name}", path=(ROOT,))) as target:
        yield target


def attacked(name: str, only: str = EXITS, **options: Any) -> Scorecard:
    """Attack a target of `graders_odd`, without laws."""
    with opened(name) as target:
        return run(target, only=only, laws=(), **options)


def results(found: Scorecard) -> dict[str, Result]:
    """Return how each exploit fared."""
    return {each.id.partition("/")[2]: each.result for each in found.attempts}


def test_a_fooled_target_is_caught_with_the_smallest_program() -> None:
    """The exploit counts, what is left of it is a line, and others are refused; each phase is told step by step."""
    steps: list[Step] = []
    found = attacked("exits_fool", progress=steps.append)
    for phase in ("references", "exploits", "reducing"):
        counted = [(step.done, step.total) for step in steps if step.phase == phase]
        assert counted == [(number, len(counted)) for number in range(1, len(counted) + 1)] != []
    assert results(found) == {
        "os-exit-at-import": "fooled",
        "os-exit-inside": "fooled",
        "system-exit-inside": "refused",
    }
    assert not found.held
    assert found.tried == 3
    (row,) = found.rows
    assert (row.row, row.tried, row.smallest) == ("A1", 3, "os._exit(0)")
    assert found.reference_paid["add-call"] == 1.0


def test_an_honest_target_holds() -> None:
    """None of them is paid."""
    found = attacked("honest")
    assert found.held
    assert set(results(found).values()) == {Result.REFUSED}


@pytest.mark.parametrize(("name", "result"), [("declines_exits", "declined"), ("dies_of_exits", "broke")])
def test_declining_and_breaking_are_counted_apart(name: str, result: str) -> None:
    """Neither is being fooled, and the target is asked again."""
    found = attacked(name, "^A1/(exit-from-a-thread|libc-exit|os-exit-inside)$")
    assert results(found) == {"exit-from-a-thread": "refused", "libc-exit": "refused", "os-exit-inside": result}
    assert found.held
    assert {each.told for each in found.attempts} <= {"", "died"}


def test_what_one_exploit_did_to_a_target_is_not_blamed_on_the_next() -> None:
    """A program that is paid only where another was before it has not fooled anybody."""
    found = attacked("is_spoilt_by_exits", "^(A1/os-exit-at-import|A4/own-all|G1/prose)$")
    assert Result.FOOLED not in results(found).values()


def test_a_reference_that_is_refused_is_the_targets_fault() -> None:
    """Where others of its kind are accepted; nothing is measured on it."""
    found = attacked("refuses_words", "^(A1/os-exit-at-import|B1/lying-text)$")
    assert found.refused == ("words-call",)
    assert "pays the reference" in found.left_out["words-call"]
    assert not found.held


def test_nothing_is_measured_on_a_target_that_accepts_nothing() -> None:
    """One clear error, before any exploit is tried."""
    with pytest.raises(TargetError, match=r"on no problem is the reference paid more.*pays the reference \+0"):
        attacked("refuses_all")


def test_nothing_selected_is_an_error() -> None:
    """A pattern that matches no exploit and no law is a mistake."""
    with opened("honest") as target, pytest.raises(TargetError, match="matches 'no-such'"):
        run(target, only="no-such")


def test_harmful_exploits_wait_to_be_asked_for() -> None:
    """They are left out and counted where this machine is in reach, unless the user says so."""
    assert set(results(attacked("honest", "^D2/late-writer$")).values()) == {Result.HARMFUL}
    assert set(results(attacked("honest", "^D2/late-writer$", harmful=True)).values()) == {Result.REFUSED}
    with contextlib.closing(open_target("verifier")) as target:
        assert set(results(run(target, only="^D2/late-writer$", laws=())).values()) == {Result.REFUSED}


def test_what_attacks_our_parts_is_not_held_against_others() -> None:
    """Elsewhere such a program is right."""
    assert set(results(attacked("honest", "^E1/two-answers$")).values()) == {Result.UNMEASURED}


def test_what_there_is_no_time_for_is_told() -> None:
    """Everything that was asked for is in the scorecard, tried or not."""
    laws = (_law("slow", lambda setting, case: time.sleep(0.2)), _law("quick", lambda setting, case: None))
    with contextlib.closing(open_target("verifier")) as target:
        found = run(target, seconds=1.0, laws=laws)
    assert len(found.attempts) == len(attacks())
    assert found.counts[Result.UNTRIED] > 0
    assert found.tried > 0
    assert [law.name for law in found.laws] == ["slow", "quick"]
    assert all(law.why_not or (law.finding is not None and law.finding.cases) for law in found.laws)


def test_an_interrupt_keeps_what_was_found() -> None:
    """Exploits and laws that had their turn count, the others are told as not tried."""

    def interrupt(step: Step) -> None:
        if step.phase == "exploits" and step.done == 2:
            raise KeyboardInterrupt

    with opened("exits_fool") as target:
        found = run(target, only=f"{EXITS}|deterministic", progress=interrupt)
    assert found.interrupted
    assert list(results(found).values()).count(Result.UNTRIED) == 1
    assert [(law.finding, law.why_not) for law in found.laws] == [(None, "no time")]


def test_laws_are_checked_with_the_problems_that_can_be_measured() -> None:
    """The subject holds the target and its problems; a broken law is in the scorecard with its smallest case."""
    seen: set[str] = set()

    def check(setting: Setting, case: int) -> None:
        seen.update(each.suite.id for each in setting.problems)
        if case > 10:
            raise LawBroken("too much", example=str(case), problem="add-call")

    with opened("refuses_words") as target:
        found = run(target, laws=(_law("small", check),), only="small", seed=3)
    assert seen == {each.suite.id for each in problems()} - {"words-call"}
    (law,) = found.broken
    assert law.finding is not None
    assert (law.finding.told, law.finding.example, law.finding.problem) == ("too much", "11", "add-call")


def _law(name: str, check: Any) -> Law[Any]:
    return Law(name=name, says="A law.", cases=lambda setting: st.integers(), check=check)


def test_no_row_waits_for_another() -> None:
    """Every round has one exploit of each row, and those that may never end come last."""
    rounds = in_turn(attacks())
    assert sorted(each.id for turn in rounds for each in turn) == sorted(each.id for each in attacks())
    for turn in rounds:
        assert len({each.row for each in turn}) == len(turn)
    hanging = [all(suite.startswith("spin") for suite in each.suites) for turn in rounds for each in turn]
    assert hanging == sorted(hanging)


def test_exploits_are_selected_by_their_ids() -> None:
    """By a regular expression; honest programs never are."""
    assert [each.id for each in selected("^A1/sys-")] == ["A1/sys-exit-at-import"]
    assert len(selected("")) == len(attacks()) < len(load())


def test_a_program_is_reduced_to_what_matters() -> None:
    """Statements, bodies around them, and long constants go."""
    source = """
import sys, os
TEXT = "a long text"
class Thing:
    def method(self):
        return 1
def f(a, b):
    '''Say something.'''
    for number in range(100):
        if number > 3:
            try:
                os._exit(77)
            except OSError:
                pass
    return 7
"""
    assert reduce_program(source, lambda text: "os._exit(" in text) == "os._exit(0)"
    assert reduce_program("x = 1\ny = (", lambda text: "y" in text) == "y = ("
    assert reduce_text("one\ntwo\nthree\n", lambda text: "two" in text) == "two\n"


def test_reducing_asks_no_more_often_than_it_may() -> None:
    """Tries are bounded, and the property can end it; what was found so far is kept."""
    asked = []

    def still(text: str) -> bool:
        asked.append(text)
        if len(asked) == 5:
            raise EnoughError
        return text == plain

    source = "".join(f"x{number} = {number}\n" for number in range(50))
    plain = source.strip()
    assert reduce_program(source, still, tries=3) == plain
    assert len(asked) == 3
    asked.clear()
    assert reduce_program(source, still) == plain
    assert len(asked) == 5


@settings(max_examples=50)
@given(st.sampled_from([entry for entry in load() if entry.source is not None]), st.randoms())
def test_what_is_left_is_a_shorter_program_with_the_property(entry: Any, random: Any) -> None:
    """Whatever the property: programs of the corpus and any word of theirs."""
    source = entry.source
    try:
        names = sorted({node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}) or [""]
    except SyntaxError:
        names = [""]
    word = re.compile(rf"\b{random.choice(names)}\b")
    smallest = reduce_program(source, lambda text: word.search(text) is not None, tries=60)
    assert word.search(smallest)
    assert len(smallest) <= len(source) or ast.parse(smallest)


def test_a_suite_is_not_quoted_by_what_is_found() -> None:
    """Neither a repr nor the data of a scorecard holds a test's numbers."""
    found = attacked("exits_fool", "^(C7/input-in-the-error|A1/os-exit-at-import)$")
    hidden = {"481516234212", "602214076857"}
    assert not any(number in text for text in (repr(found), str(found.data())) for number in hidden)
