"""HumanEval-X as calls: its functions with the arguments of HumanEval, and what the reference there makes of them.

No test code of the data set is used, so nothing of the judge runs in the solution's process. Arguments and reference
come from the file of HumanEval+, which has to lie beside those of HumanEval-X. Types are those that the values have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from testsuites.directory import Labelled
from testsuites.errors import SuiteNotFound
from testsuites.importers import humanevalplus
from testsuites.importers.humanevalx import Row, canonical, entry_point
from testsuites.importers.inferring import signature_of
from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.importers.rows import Reader
from testsuites.model import CallSuite, CallTest

BESIDE = ("HumanEvalPlus.jsonl.gz", "HumanEvalPlus.jsonl")


class CallDraft(Draft, frozen=True, kw_only=True):
    """A draft whose reference is in Python, and whose suite is for another language.

    Attributes:
        language: that language.
        called: name of the function in it.
        solution: the canonical solution in it.
    """

    language: str
    called: str
    solution: Labelled

    def complete(self, expected: Sequence[Any]) -> Imported:
        """Return the suite, as for any draft."""
        pairs = list(zip(self.arguments, expected, strict=True))
        suite = CallSuite(
            id=self.id,
            language=self.language,
            entry_point=self.called,
            signature=signature_of(self.called, self.arguments, expected),
            comparator=self.comparator,
            tests=tuple(CallTest(args=args, expected=value) for args, value in pairs),
        )
        return Imported(suite=suite, problem=self.problem, submissions=(self.solution,))


class _Reader(Reader[Row], frozen=True):
    """Reads rows together with those of HumanEval+."""

    def with_position(self, path: str | PathLike[str]) -> Iterator[tuple[Imported | Draft | Rejected, int]]:
        """Yield records as for any reader.

        Raises:
            SuiteNotFound: the file of HumanEval+ is not beside the other.
        """
        build = partial(_draft, _drafts(Path(path).parent))
        yield from Reader(kind=Row, build=build).with_position(path)


def _drafts(folder: Path) -> Mapping[str, Draft]:
    for name in BESIDE:
        if (folder / name).is_file():
            return {draft.id: draft for draft in humanevalplus.read_base(folder / name) if isinstance(draft, Draft)}
    raise SuiteNotFound(f"{folder}: put {BESIDE[0]}, the file of HumanEval+, beside those of HumanEval-X")


def _draft(drafts: Mapping[str, Draft], row: Row) -> CallDraft:
    draft = drafts.get(f"HumanEval/{row.task_id.partition('/')[2]}")
    if draft is None:
        raise ValueError("task_id: HumanEval+ has no problem of that number")
    if draft.view is not None:
        raise ValueError("many answers are right: no value can be expected")
    return CallDraft(
        id=row.task_id,
        entry_point=draft.entry_point,
        arguments=draft.arguments,
        reference=draft.reference,
        problem=row.prompt,
        comparator=draft.comparator,
        language=row.language,
        called=entry_point(row, draft.entry_point),
        solution=canonical(row),
    )


def _build(_: Row) -> Draft:
    raise AssertionError("rows are read together with those of HumanEval+")


read = _Reader(kind=Row, build=_build)
