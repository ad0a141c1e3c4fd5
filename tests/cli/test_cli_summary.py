"""The summary counts verdicts and leaves answers that were not judged out of the mean."""

from __future__ import annotations

from verifier.cli.summary import Summary
from verifier.grade import Grade
from verifier.verdict import Verdict


def _grade(verdict: Verdict, reward: float | None) -> Grade:
    return Grade(suite="s", digest="", verdict=verdict, reward=reward, judged=reward is not None)


def test_not_judged_answers_are_in_no_mean() -> None:
    """Two judged answers and one that was not: the mean is over two."""
    summary = Summary(graded_before=4)
    summary.add(_grade(Verdict.ACCEPTED, 1.0))
    summary.add(_grade(Verdict.JUDGE_ERROR, None))
    summary.add(_grade(Verdict.WRONG_ANSWER, -0.8))
    data = summary.data()
    assert data["verdicts"] == {"accepted": 1, "wrong_answer": 1}
    assert (data["answers"], data["not_judged"], data["graded_before"]) == (3, 1, 4)
    assert data["mean_reward"] == 0.1


def test_an_empty_run_has_no_mean() -> None:
    """Without an answer there is nothing to divide by."""
    assert Summary().data()["mean_reward"] is None
