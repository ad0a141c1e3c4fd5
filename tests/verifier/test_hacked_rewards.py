"""Reward designs that have been hacked, re-created: each pays the hack, and the policies of this project do not.

The answers are real ones to bundled problems, graded by the verifier on calibrated suites; `benchmarks.bandit_designs`
names the papers. One part is no real one: the judge that praise persuades stands for a model, which cannot be called
here.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import pytest

from benchmarks.bandit_answers import Class
from benchmarks.bandit_arms import JUDGE, Arm, calibrated, graded, persuaded_judge
from benchmarks.bandit_designs import (
    FROM_THE_LITERATURE,
    OURS,
    WITH_COMPONENTS,
    WITH_OPINION,
    Design,
    exit_code,
    format_bonus,
    length_bonus,
    opinion,
    pass_rate,
    visible_tests,
)
from verifier import Verdict
from verifier.policy import Graded

TREE, PATH = "tree-hub", "plank-path"
POLICIES = [*OURS, *WITH_COMPONENTS, WITH_OPINION]
BY_NAME = {design.name: design for design in FROM_THE_LITERATURE}

Arms = dict[tuple[str, str], Arm]


class Hack(NamedTuple):
    """A hack that a design pays more than what an honest author would write.

    Attributes:
        design: its name.
        suite: that both answers are for.
        hack, honest: behaviours.
    """

    design: str
    suite: str
    hack: str
    honest: str


HACKS = [
    Hack("opinion", TREE, "praises itself", "right"),
    Hack("exit code", PATH, "exits with 0", "nearly right"),
    Hack("visible tests", PATH, "knows the example", "mostly wrong"),
    Hack("length bonus", TREE, "rambles", "right"),
    Hack("format bonus", PATH, "well-formed, empty", "nearly right"),
    Hack("pass rate", TREE, "constant", "mostly wrong"),
    Hack("speed bonus", TREE, "well-formed, empty", "times out"),
    Hack("plain mean", TREE, "praises itself", "right, long"),
]


@pytest.fixture(scope="module")
def arms() -> Arms:
    """Every behaviour's answer to two problems, graded."""
    with calibrated([TREE, PATH], workers=2) as store:
        return {(arm.report.suite, arm.behaviour.name): arm for row in graded(store, workers=2) for arm in row}


def of(arms: Arms, *kinds: Class) -> list[Arm]:
    """Return the arms of some classes."""
    return [arm for arm in arms.values() if arm.behaviour.kind in kinds]


def test_behaviours_are_what_they_are_called(arms: Arms) -> None:
    """The verifier accepts the right answers and no other, and the others fail each in their own way."""
    assert {arm.behaviour.name for arm in arms.values() if arm.is_right} == {
        arm.behaviour.name for arm in arms.values() if arm.behaviour.is_right
    }
    verdicts = {name: arm.report.verdict for (suite, name), arm in arms.items() if suite == TREE and not arm.is_right}
    assert verdicts["no code"] is Verdict.NO_CODE
    assert verdicts["times out"] is Verdict.TIME_LIMIT_EXCEEDED
    assert verdicts["crashes"] is verdicts["exits with 0"] is Verdict.RUNTIME_ERROR
    assert verdicts["constant"] is verdicts["knows the example"] is Verdict.WRONG_ANSWER


def test_every_design_is_shown_to_be_hacked() -> None:
    """There is a hack for each design from the literature."""
    assert [hack.design for hack in HACKS] == [design.name for design in FROM_THE_LITERATURE]


@pytest.mark.parametrize("hack", HACKS, ids=lambda hack: hack.design)
def test_the_design_pays_the_hack_more(arms: Arms, hack: Hack) -> None:
    """Without our policies the hack is worth more than the honest answer: this is the attack at work."""
    pay = BY_NAME[hack.design].reward
    assert pay(arms[hack.suite, hack.hack]) > pay(arms[hack.suite, hack.honest])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("hack", HACKS, ids=lambda hack: hack.design)
def test_ours_pays_it_no_more(arms: Arms, hack: Hack, policy: Design) -> None:
    """The same hack is never worth more than the same honest answer, and less where that is right."""
    paid, honest = policy.reward(arms[hack.suite, hack.hack]), arms[hack.suite, hack.honest]
    assert paid <= policy.reward(honest)
    if honest.is_right:
        assert paid < policy.reward(honest)


@pytest.mark.parametrize(
    ("design", "hack"),
    [
        (opinion, "praises itself"),
        (exit_code, "exits with 0"),
        (visible_tests, "knows the example"),
        (length_bonus, "rambles"),
    ],
)
def test_four_designs_pay_a_hack_as_much_as_a_right_answer(arms: Arms, design: object, hack: str) -> None:
    """With these four there is nothing left to gain by being right."""
    assert callable(design)
    assert design(arms[PATH, hack]) >= design(arms[PATH, "right"])


def test_a_format_bonus_buys_what_a_right_program_earns(arms: Arms) -> None:
    """Reasoning in tags and an empty program are paid like a right program without tags."""
    assert format_bonus(arms[PATH, "well-formed, empty"]) == format_bonus(arms[PATH, "right, long"])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_no_hack_is_paid_like_a_right_answer(arms: Arms, policy: Design) -> None:
    """The best paid hack gets less than the slow, the long and the unkempt answer that is right."""
    right = [policy.reward(arm) for arm in of(arms, Class.CLEAN, Class.UNCLEAN)]
    assert max(policy.reward(arm) for arm in of(arms, Class.HACK, Class.ATTEMPT)) < min(right)


@pytest.mark.parametrize("number", range(len(OURS)))
def test_components_pay_a_hack_nothing(arms: Arms, number: int) -> None:
    """Components, a persuaded judge among them, leave the reward of what is not right as it is without them.

    `linear` makes room for what is at stake, so there what is not right is paid the same share of less.
    """
    plain, weighted = OURS[number], WITH_COMPONENTS[number]
    for arm in of(arms, Class.HACK, Class.ATTEMPT):
        assert weighted.reward(arm) <= plain.reward(arm)
        if plain.name != "linear":
            assert weighted.reward(arm) == plain.reward(arm)
            assert plain.name != "graded" or WITH_OPINION.reward(arm) == plain.reward(arm)


@pytest.mark.parametrize("policy", WITH_COMPONENTS, ids=lambda policy: policy.name)
def test_components_pay_for_being_clean(arms: Arms, policy: Design) -> None:
    """A right answer that is slow, long or unkempt is paid less than the clean one."""
    for suite in (TREE, PATH):
        for flaw in ("right, slow", "right, long", "right, unkempt"):
            assert policy.reward(arms[suite, flaw]) < policy.reward(arms[suite, "right"])


def test_calibration_takes_what_a_constant_earns(arms: Arms) -> None:
    """On the same tests, not calibrated, a constant is paid more than an honest attempt that passes fewer of them."""
    constant, attempt = arms[TREE, "constant"].report, arms[TREE, "mostly wrong"].report
    assert constant.baseline > 0.0
    assert Graded().reward(constant) == Graded().reward(attempt) == Graded().wrong_answer
    uncalibrated = [msgspec.structs.replace(report, baseline=0.0) for report in (constant, attempt)]
    assert Graded().reward(uncalibrated[0]) > Graded().reward(uncalibrated[1])
    assert pass_rate(arms[TREE, "constant"]) > pass_rate(arms[TREE, "mostly wrong"])


def test_a_persuaded_judge_moves_what_is_at_stake_and_no_more(arms: Arms) -> None:
    """Alone on the scales, it still moves a right answer by less than `at_stake`, and a hack not at all."""
    policy = Graded(components={JUDGE: {"weight": 1.0, "function": persuaded_judge}})
    plain, praised = arms[TREE, "right"], arms[TREE, "right, praises itself"]
    gained = policy.reward(praised.report, praised.figures) - policy.reward(plain.report, plain.figures)
    assert 0.0 < gained <= policy.at_stake
    hack = arms[TREE, "praises itself"]
    assert policy.reward(hack.report, hack.figures) == Graded().reward(hack.report)


def test_the_runner_is_left_before_its_tests(arms: Arms) -> None:
    """A runner that trusts the exit code passes ``sys.exit(0)``; the verifier gives it no credit."""
    for suite in (TREE, PATH):
        assert arms[suite, "exits with 0"].exits_with_0
        assert arms[suite, "right"].exits_with_0
        assert not arms[suite, "nearly right"].exits_with_0
        assert arms[suite, "exits with 0"].report.credit == 0.0
