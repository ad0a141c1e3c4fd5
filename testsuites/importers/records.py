"""What a reader of a data set yields for each row: a suite, a suite that lacks its expected values, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from testsuites.directory import Labelled
from testsuites.literals import NAMES, write_literal
from testsuites.model import AnySuite, CallSuite, CallTest, Comparator, ScriptSuite, ScriptTest

_VIEWED = "_viewed_answer"


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A row that became a suite.

    Attributes:
        suite: the suite.
        reference: a program that solves the problem, when the data set has one.
        problem: the statement.
        submissions: programs whose verdict the data set tells.
        left_out: how many submissions are of no use here, such as those in other languages.
    """

    suite: AnySuite
    reference: str | None = None
    problem: str = ""
    submissions: tuple[Labelled, ...] = ()
    left_out: int = 0

    def __repr__(self) -> str:
        """Without the solution."""
        return f"Imported({self.suite!r})"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A row that gives arguments and a reference solution: what that returns is what tests expect.

    Some problems have more than one right answer, or answers that are not plain data. Their `view` is a Python
    expression over `answer` and `args` whose value is compared in place of the answer, such as ``set(answer)``. A draft
    without a view becomes a call suite, one with a view a script suite.

    Attributes:
        id: id of the suite.
        entry_point: function under test.
        arguments: positional arguments of each test, at least one test.
        reference: program that solves the problem.
        problem: the statement.
        comparator: how answers are compared, when there is no view.
        view: expression described above.
        setup: what the view needs besides Python itself.
    """

    id: str
    entry_point: str
    arguments: tuple[tuple[Any, ...], ...]
    reference: str
    problem: str = ""
    comparator: Comparator = Comparator()
    view: str | None = None
    setup: str = ""

    def __repr__(self) -> str:
        """Without arguments and solution."""
        return f"Draft({self.id!r}, {len(self.arguments)} tests)"

    @property
    def function(self) -> str:
        """The function of `program` that turns the arguments of a test into its expected value."""
        return self.entry_point if self.view is None else _VIEWED

    @property
    def program(self) -> str:
        """What to run to learn the expected values. Untrusted, like everything that a data set brings."""
        if self.view is None:
            return self.reference
        return (
            f"{self.reference}\n\n\ndef {_VIEWED}(*args):\n    import copy\n\n"
            f"    answer = {self.entry_point}(*copy.deepcopy(args))\n    return {self.view}\n"
        )

    def complete(self, expected: Sequence[Any]) -> Imported:
        """Return the suite, given the value that `function` returned for each of `arguments`, in their order.

        Raises:
            ValueError: a value is not plain data, or there is not one for each test.
        """
        pairs = list(zip(self.arguments, expected, strict=True))
        suite: AnySuite
        if self.view is None:
            calls = tuple(CallTest(args=args, expected=value) for args, value in pairs)
            suite = CallSuite(id=self.id, entry_point=self.entry_point, comparator=self.comparator, tests=calls)
        else:
            scripts = tuple(ScriptTest(code=self._assertion(args, value)) for args, value in pairs)
            setup = f"{self.setup}\n{NAMES}".lstrip()
            suite = ScriptSuite(id=self.id, names=(self.entry_point,), setup=setup, tests=scripts)
        return Imported(suite=suite, reference=self.reference, problem=self.problem)

    def _assertion(self, args: tuple[Any, ...], expected: Any) -> str:
        return (
            f"args = {write_literal(args)}\n"
            f"answer = {self.entry_point}(*args)\n"
            f"assert ({self.view}) == {write_literal(expected)}\n"
        )


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot become a suite.

    Attributes:
        row: number of the row, from 1.
        task_id: the row's own id, as far as it has one.
        reason: what is wrong with it; holds nothing hidden.
    """

    row: int
    task_id: str
    reason: str
