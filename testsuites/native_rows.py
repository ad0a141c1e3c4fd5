"""What a suite file may hold, field by field: the schema that `suite.toml` and `suite.json` share."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from testsuites.model import Comparator, SuiteLimits


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every test may say of itself."""

    name: str = ""
    weight: float = 1.0
    group: str | None = None


class StdioRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test of a stdio suite."""

    stdin: str
    stdout: str


class CallRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test of a call suite; a field and its literal twin exclude each other."""

    args: list[Any] | UnsetType = UNSET
    args_literal: str | UnsetType = UNSET
    kwargs: dict[str, Any] | UnsetType = UNSET
    kwargs_literal: str | UnsetType = UNSET
    expected: Any = UNSET
    expected_literal: str | UnsetType = UNSET
    also_accepted: list[Any] | UnsetType = UNSET
    also_accepted_literal: str | UnsetType = UNSET
    read_back: int | None = None


class ScriptRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test of a script suite."""

    code: str


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every suite may say of itself."""

    language: str = "python"
    limits: SuiteLimits = SuiteLimits()
    comparator: Comparator = Comparator()


class ProgramRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A checker or an interactor; its code, or the name of the file beside that holds it."""

    file: str | None = None
    code: str | None = None
    protocol: Literal["function", "kattis", "testlib", "prints"] = "function"
    arguments: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "ProgramRow()"


class StdioFile(File, frozen=True, kw_only=True, tag="stdio"):
    """A stdio suite."""

    checker: ProgramRow | None = None
    interactor: ProgramRow | None = None
    tests: tuple[StdioRow, ...] = ()


class CallFile(File, frozen=True, kw_only=True, tag="call"):
    """A call suite."""

    entry_point: str
    signature: str = ""
    fresh: bool = False
    tests: tuple[CallRow, ...] = ()


class ScriptFile(File, frozen=True, kw_only=True, tag="script"):
    """A script suite."""

    names: tuple[str, ...] = ()
    setup: str = ""
    module: str = ""
    integrity: Literal["", "weak"] = ""
    tests: tuple[ScriptRow, ...] = ()


KINDS = ("stdio", "call", "script")
