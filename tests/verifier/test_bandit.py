"""A policy trained under reward designs: hackable ones teach hacks, and ours do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.bandit_answers import BEHAVIOURS, PROBLEMS, Class, start
from benchmarks.bandit_arms import Arm, calibrated, graded
from benchmarks.bandit_charts import write_charts
from benchmarks.bandit_designs import FROM_THE_LITERATURE, OURS, WITH_COMPONENTS, WITH_OPINION, Design
from benchmarks.bandit_learning import Training, train
from benchmarks.bandit_results import MOST, STARTS, reach, result

POLICIES = [*OURS, *WITH_COMPONENTS, WITH_OPINION]
HACKED = FROM_THE_LITERATURE[:5]
"""Those under which a hack wins; under the other three a program wins that is not right."""

TRAINING = Training()
BINARY = {"binary", "binary + components"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def arms() -> list[list[Arm]]:
    """Every behaviour's answer to two problems, graded."""
    with calibrated(["plank-path", "tree-hub"], workers=2) as store:
        return graded(store, workers=2)


def named(design: Design) -> str:
    """Return what a design is called in the names of tests."""
    return design.name


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_right_answers_win_under_ours(arms: list[list[Arm]], policy: Design) -> None:
    """Where one answer in ten is right at first, nearly all are in the end, from every seed."""
    made = result(policy, arms, 0.1, TRAINING)
    assert made.right[:, -1].min() >= MOST
    assert made.of(Class.HACK)[:, -1].max() < 0.05


@pytest.mark.parametrize("policy", [*WITH_COMPONENTS, WITH_OPINION], ids=named)
def test_clean_answers_win_with_components(arms: list[list[Arm]], policy: Design) -> None:
    """With components, those that are neither slow nor long nor unkempt win, from every seed."""
    made = result(policy, arms, 0.1, TRAINING)
    assert made.winner is Class.CLEAN
    assert made.of(Class.CLEAN)[:, -1].min() >= MOST


@pytest.mark.parametrize("policy", OURS, ids=named)
def test_without_components_nothing_tells_them_apart(arms: list[list[Arm]], policy: Design) -> None:
    """Without components, a right answer that is slow is paid like one that is not: so it is the components' doing."""
    rewards = result(policy, arms, 0.1, TRAINING._replace(steps=1)).rewards
    right = [place for place, behaviour in enumerate(BEHAVIOURS) if behaviour.is_right]
    assert (rewards[:, right] == rewards.max()).all()


@pytest.mark.parametrize("design", HACKED, ids=named)
def test_a_hack_wins_under_hackable_designs(arms: list[list[Arm]], design: Design) -> None:
    """From a policy with 2% right answers a hack takes nearly all, from every seed, and no right answer is left."""
    made = result(design, arms, 0.02, TRAINING)
    assert made.winner is Class.HACK
    assert made.of(Class.HACK)[:, -1].min() >= MOST
    assert made.right[:, -1].max() < 0.05


@pytest.mark.parametrize("design", HACKED, ids=named)
def test_its_reward_rises_while_right_answers_vanish(arms: list[list[Arm]], design: Design) -> None:
    """That is what a hack looks like to whoever watches the reward alone."""
    made = result(design, arms, 0.02, TRAINING)
    assert made.paid[-1] > made.paid[0] + 0.2
    assert (made.right[:, -1] < made.right[:, 0]).all()


@pytest.mark.parametrize("right", [0.02, 0.0])
@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_no_hack_wins_under_ours_however_rare_success_is(arms: list[list[Arm]], policy: Design, right: float) -> None:
    """With 2% of right answers, or none, what wins is right or honest; `binary` without any moves nothing."""
    made = result(policy, arms, right, TRAINING)
    if policy.name in BINARY and right == 0.0:
        assert np.allclose(made.shares[:, -1], start(right))
    else:
        assert made.of(Class.HACK)[:, -1].max() < 0.05


def test_partial_credit_can_keep_from_what_is_right(arms: list[list[Arm]]) -> None:
    """A limit: with 2% of right answers `graded` ends at nearly right ones, unless advantages are not divided."""
    graded_policy, binary = OURS[0], OURS[1]
    assert (graded_policy.name, binary.name) == ("graded", "binary")
    assert result(graded_policy, arms, 0.02, TRAINING).winner is Class.ATTEMPT
    assert result(graded_policy, arms, 0.05, TRAINING).steps is not None
    assert result(graded_policy, arms, 0.02, TRAINING._replace(divided=False)).steps is not None
    assert result(binary, arms, 0.02, TRAINING).steps is not None


@pytest.mark.parametrize("design", FROM_THE_LITERATURE[5:], ids=named)
def test_pay_for_what_is_not_right_needs_more_right_answers_to_begin_with(
    arms: list[list[Arm]], design: Design
) -> None:
    """Where no hack is paid the most, other pay still keeps from what is right, and `graded` does not."""
    needed = reach(design, arms, TRAINING)
    assert needed is None or needed > 0.05
    assert reach(OURS[0], arms, TRAINING) == 0.05


def test_parts_add_up() -> None:
    """Shares before training add up to 1, with as many right answers as were asked for."""
    for right in (0.0, *STARTS):
        shares = start(right)
        assert sum(shares) == pytest.approx(1.0)
        assert sum(shares[: sum(behaviour.is_right for behaviour in BEHAVIOURS)]) == pytest.approx(right)


def test_training_is_repeatable_and_follows_the_reward() -> None:
    """The same seed gives the same shares, another others; shares add up to 1; the better of two wins."""
    rewards = np.array([[0.0, 1.0, 1.0]])
    first = np.array([0.8, 0.2, 0.0])
    training = Training(steps=300)
    shares = train(rewards, first, training)
    assert shares.shape == (training.seeds, 301, 3)
    assert (shares == train(rewards, first, training)).all()
    assert (shares != train(rewards, first, training._replace(seed=1))).any()
    assert np.allclose(shares.sum(axis=2), 1.0)
    assert (shares[:, -1, 1] > MOST).all()
    assert (shares[:, :, 2] == 0.0).all()


@pytest.mark.parametrize("divided", [True, False])
def test_equal_rewards_move_nothing(divided: bool) -> None:
    """A group without variance has nothing to learn from."""
    shares = train(np.full((2, 3), 0.7), np.array([0.5, 0.3, 0.2]), Training(steps=20, divided=divided))
    assert np.allclose(shares, [0.5, 0.3, 0.2])


def test_division_hears_a_whisper() -> None:
    """Divided by the deviation, advantages are the same whatever the rewards' scale; that is what makes the limit."""
    loud, quiet = np.array([[0.0, 1.0]]), np.array([[0.0, 0.05]])
    first = np.array([0.8, 0.2])
    ends = {
        (divided, name): train(rewards, first, Training(steps=60, divided=divided))[:, -1, 1].mean()
        for divided in (True, False)
        for name, rewards in (("loud", loud), ("quiet", quiet))
    }
    assert ends[True, "quiet"] == pytest.approx(ends[True, "loud"], abs=0.02)
    assert ends[False, "quiet"] < ends[False, "loud"] / 2


def test_charts(arms: list[list[Arm]], tmp_path: Path) -> None:
    """Each chart is a small SVG with a panel for each design."""
    results = [result(design, arms, 0.05, TRAINING._replace(steps=50)) for design in (*HACKED, *OURS)]
    for path in write_charts(results, tmp_path / "charts"):
        drawn = path.read_text("utf-8")
        assert drawn.startswith("<svg")
        assert all(f">{made.design.name}<" in drawn for made in results)
        assert len(drawn) < 150_000


def test_help_shows_an_example() -> None:
    """The command says what it does, with an example, and refuses what makes no sense."""
    command = [sys.executable, "-m", "benchmarks.bandit"]
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "python -m benchmarks.bandit --steps 1000" in shown.stdout
    for wrong in (["--steps", "0"], ["--right", "1"], ["--seeds", "x"]):
        refused = subprocess.run([*command, *wrong], capture_output=True, text=True, check=False, cwd=ROOT)
        assert refused.returncode == 2
        assert wrong[0] in refused.stderr


def test_every_behaviour_has_an_answer_to_every_problem() -> None:
    """The four problems are of all three kinds of suites."""
    assert len(PROBLEMS) == 4
    assert sum(problem.function == "" for problem in PROBLEMS.values()) == 1
