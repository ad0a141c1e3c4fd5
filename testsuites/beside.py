"""What lies beside a suite, for people and for checks, in a store of any kind: reference, statement, submissions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Protocol, runtime_checkable

import msgspec

from testsuites.directory import DirectoryStore, Labelled
from testsuites.native import PROBLEM_FILE, REFERENCE_FILE, SUBMISSIONS_FOLDER
from testsuites.native_text import decoded
from testsuites.store import Store


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What a store keeps beside a suite.

    Attributes:
        reference: a program that passes every test; None where there is none.
        statement: text of the problem, likewise.
        submissions: programs and answers with the verdicts that they must get, sorted by label and name.
    """

    reference: str | None = None
    statement: str | None = None
    submissions: tuple[Labelled, ...] = ()

    def __repr__(self) -> str:
        """Without any text."""
        return f"Beside({len(self.submissions)} submissions)"


@runtime_checkable
class KeepsFilesBeside(Protocol):
    """A store that gives the files beside its suites."""

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return the contents, by name, of what lies beside a suite (`testsuites.layout.is_beside`).

        Raises:
            SuiteNotFound, SuiteInvalid, SuiteUnavailable: as for `Store.load`.
        """
        ...


def kept_beside(store: Store, suite_id: str) -> Beside:
    """Return what lies beside a suite; nothing where the store is of a kind that gives suites only.

    Raises:
        SuiteNotFound, SuiteInvalid, SuiteUnavailable: as for `Store.load`.
    """
    if isinstance(store, DirectoryStore):
        return Beside(
            reference=store.reference(suite_id),
            statement=store.statement(suite_id),
            submissions=store.submissions(suite_id),
        )
    return _read(store.beside(suite_id), suite_id) if isinstance(store, KeepsFilesBeside) else Beside()


def _read(files: Mapping[str, bytes], place: str) -> Beside:
    texts = {name: decoded(content, f"{place}/{name}") for name, content in files.items()}
    paths = sorted(map(PurePosixPath, texts))
    return Beside(
        reference=texts.get(REFERENCE_FILE),
        statement=texts.get(PROBLEM_FILE),
        submissions=tuple(
            Labelled(label=path.parent.name, name=path.stem, text=texts[str(path)], is_answer=path.suffix == ".md")
            for path in paths
            if path.parts[0] == SUBMISSIONS_FOLDER and not path.name.startswith(".")
        ),
    )
