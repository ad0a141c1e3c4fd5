"""A campaign in single checks, each asked for by name: what the plugin of pytest makes tests of."""

from __future__ import annotations

import re
import sys
import time
from typing import Any

from verifier.fuzzing.attacking import Result, attack, selected
from verifier.fuzzing.campaign import EXAMPLES, SECONDS, laws_of
from verifier.fuzzing.checking import check
from verifier.fuzzing.exploits import UNUSABLE, meanings, problem, problems
from verifier.fuzzing.gating import Gate, gate
from verifier.fuzzing.law import Law, Setting
from verifier.fuzzing.scorecard import row_score, shortened
from verifier.fuzzing.shrinking import Reducer, for_reducing
from verifier.fuzzing.targets import BaseTarget, Part, TargetError, open_subject

_REFERENCES = "references"
_EXPLOITS = "exploits-"
_LAW = "law-"
_REDUCING = 0.4
"""Share of a row's time that is kept for reducing."""


class Checks:
    """The checks of one target. It is opened, and its references are tried, with the first check.

    Attributes:
        names: of the checks, such as ``references``, ``exploits-A1`` and ``law-never-raises``.
    """

    def __init__(
        self,
        target: str,
        *,
        seconds: float = SECONDS,
        seed: int = 0,
        harmful: bool | None = None,
        only: str = "",
        **options: Any,
    ) -> None:
        """Say which checks there are.

        Args:
            target: as for `targets.open_subject`.
            seconds: time for all checks; each gets an equal part.
            seed: of everything that is drawn.
            harmful: as in `campaign.run`.
            only: likewise.
            options: of `targets.open_subject`; modules are looked for where this process does, unless `path` says.

        Raises:
            TargetError: the target cannot be opened, or nothing is selected.
        """
        self._seed = seed
        self._subject = open_subject(target, **{"path": tuple(folder for folder in sys.path if folder), **options})
        is_part = isinstance(self._subject, Part)
        self._laws = {f"{_LAW}{law.name}": law for law in laws_of(self._subject) if re.search(only, law.name)}
        entries = [] if is_part else selected(only)
        self._rows = {f"{_EXPLOITS}{row}": [each for each in entries if each.row == row] for row in meanings()}
        references = [] if is_part else [_REFERENCES]
        self.names = [*references, *(name for name, rows in self._rows.items() if rows), *self._laws]
        self._suites = {suite for entry in entries for suite in entry.suites}
        if self._laws and not is_part:
            self._suites |= {each.suite.id for each in problems()}
        if isinstance(self._subject, BaseTarget):
            self._harmful = not self._subject.exposed if harmful is None else harmful
        self._seconds = seconds / max(1, len(self.names))
        self._gate: Gate | None = None
        if not self._laws and not entries:
            self.close()
            raise TargetError(f"no exploit and no law matches {only!r}")

    def run(self, name: str) -> tuple[str, str]:
        """Do one check; return what is wrong, and why nothing could be tried; both are empty where it holds."""
        if isinstance(self._subject, Part):
            return self._law(self._laws[name])
        found = self._measured(self._subject)
        if name == _REFERENCES:
            return found.problem, ""
        if not found.measured:
            return "", "nothing can be measured"
        if name in self._rows:
            return self._exploits(self._subject, name, found)
        return self._law(self._laws[name])

    def close(self) -> None:
        """Let go of the target."""
        if isinstance(self._subject, BaseTarget):
            self._subject.close()

    def _measured(self, target: BaseTarget) -> Gate:
        if self._gate is None:
            self._gate = gate(target, map(problem, sorted(self._suites - UNUSABLE)))
        return self._gate

    def _exploits(self, target: BaseTarget, name: str, found: Gate) -> tuple[str, str]:
        end = time.monotonic() + self._seconds
        until = end - _REDUCING * self._seconds
        attempts = list(attack(target, self._rows[name], found.measured, harmful=self._harmful, until=until))
        with Reducer(target, found.measured) as reducer:
            for attempt in for_reducing(attempts)[:1]:
                attempts[attempts.index(attempt)] = reducer.reduced(attempt, max(0.0, end - time.monotonic()))
        score = row_score(name.removeprefix(_EXPLOITS), attempts)
        fooled = score.counts.get(Result.FOOLED, 0)
        if fooled:
            told = (
                f"fooled by {fooled} of {score.tried} exploits that try to {score.says}; the smallest, of {score.by}:"
            )
            return f"{told}\n\n{shortened(score.smallest)}", ""
        if not score.tried:
            return "", ", ".join(f"{number} {result}" for result, number in score.counts.items())
        return "", ""

    def _law(self, law: Law[Any]) -> tuple[str, str]:
        subject: Any = self._subject.value if isinstance(self._subject, Part) else self._setting(self._subject)
        if isinstance(self._subject, BaseTarget):
            self._subject.refresh()  # hostile cases of one law are not to break the next
        finding = check(law, subject, examples=EXAMPLES, seed=self._seed, seconds=self._seconds)
        if finding.holds is False:
            return (
                f"{law.says}\n{finding.told} (problem {finding.problem or 'none'}):\n\n{shortened(finding.example)}",
                "",
            )
        return "", "" if finding.holds else "no case could be tried"

    def _setting(self, target: BaseTarget) -> Setting:
        measured = self._measured(target).measured
        return Setting(target=target, problems=tuple(each for each in problems() if each.suite.id in measured))
