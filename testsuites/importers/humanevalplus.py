"""HumanEval+: the problems of HumanEval with some thousand arguments each; a reference says what they lead to."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from testsuites.importers.records import Draft
from testsuites.importers.rows import Reader
from testsuites.model import Comparator

# Problems with many right answers. 32 asks for any zero of a polynomial; `poly` is defined in its prompt.
_VIEWS = {"HumanEval/32": "abs(poly(args[0], answer)) <= 1e-4"}


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    base_input: list[list[Any]]
    plus_input: list[list[Any]]
    atol: float = 0.0


def _draft(row: _Row, *, plus: bool = True) -> Draft:
    view = _VIEWS.get(row.task_id)
    return Draft(
        id=row.task_id,
        entry_point=row.entry_point,
        arguments=tuple(map(tuple, row.base_input + row.plus_input * plus)),
        reference=row.prompt + row.canonical_solution,
        problem=row.prompt,
        comparator=Comparator(absolute=row.atol) if row.atol > 0 else Comparator(),
        view=view,
        setup=row.prompt if view else "",
    )


read = Reader(kind=_Row, build=_draft)
read_base = Reader(kind=_Row, build=partial(_draft, plus=False))
"""The same with the arguments of HumanEval alone."""
