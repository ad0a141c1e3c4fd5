"""The end of `verifier grade`: how many answers of each verdict, the mean reward, the speed."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from verifier.grade import Grade
from verifier.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table


class Summary:
    """Counts grades as they come. Not judged answers are in no verdict and no mean."""

    def __init__(self, graded_before: int = 0) -> None:
        """Start the clock; `graded_before` rows are in the output from an earlier run."""
        self._started = time.monotonic()
        self._graded_before = graded_before
        self._verdicts: Counter[Verdict] = Counter()
        self._rewards = 0.0
        self.not_judged = 0

    @property
    def answers(self) -> int:
        """Answers handled by this run."""
        return self._verdicts.total() + self.not_judged

    def add(self, grade: Grade) -> None:
        """Count one grade."""
        if grade.reward is None or not grade.judged:
            self.not_judged += 1
        else:
            self._verdicts[grade.verdict] += 1
            self._rewards += grade.reward

    def data(self) -> dict[str, Any]:
        """Everything counted, for JSON. `mean_reward` is None when nothing was judged; `seconds` is elapsed time."""
        seconds = time.monotonic() - self._started
        judged = self._verdicts.total()
        return {
            "answers": self.answers,
            "graded_before": self._graded_before,
            "verdicts": {str(verdict): self._verdicts[verdict] for verdict in self._by_rank()},
            "not_judged": self.not_judged,
            "mean_reward": round(self._rewards / judged, 4) if judged else None,
            "seconds": round(seconds, 3),
            "answers_per_second": round(self.answers / seconds, 1) if seconds > 0 else None,
        }

    def table(self) -> Table:
        """Lay out the same for people."""
        from rich.table import Table

        data = self.data()
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column()
        table.add_column(justify="right")
        for verdict, answers in data["verdicts"].items():
            table.add_row(verdict, str(answers))
        table.add_row("not judged", str(self.not_judged))
        if self._graded_before:
            table.add_row("graded before", str(self._graded_before))
        table.add_section()
        table.add_row("answers", str(self.answers))
        table.add_row("mean reward", "-" if data["mean_reward"] is None else f"{data['mean_reward']:+.3f}")
        table.add_row("seconds", f"{data['seconds']:.1f}")
        table.add_row("answers/s", f"{data['answers_per_second']:.1f}")
        return table

    def _by_rank(self) -> list[Verdict]:
        """Verdicts that occurred, the best first."""
        return [verdict for verdict in reversed(Verdict) if self._verdicts[verdict]]
