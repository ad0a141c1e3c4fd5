"""Suites in a directory: each in the native format, in the folder that its id names (`HumanEval/0`)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from testsuites import native, native_folder
from testsuites.cache import SuiteCache
from testsuites.calibration import CALIBRATION_FILE, Calibration, read_calibration, written
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.layout import not_there
from testsuites.model import AnySuite
from testsuites.store import check_id

_Fingerprint = tuple[tuple[str, int, int], ...]


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A submission kept beside a suite with the verdict it must get.

    Attributes:
        label: name of its folder, a verdict's word.
        name: file name without suffix.
        text: the text.
        is_answer: True for a whole answer with prose and fences (`.md`), False for a program.
    """

    label: str
    name: str
    text: str
    is_answer: bool

    def __repr__(self) -> str:
        """Without the text, which may be a solution."""
        return f"Labelled({self.label}/{self.name})"


class DirectoryStore:
    """A `Store` over a directory. A suite that changes on disk is read again; unchanged ones are kept in memory."""

    def __init__(self, path: str | os.PathLike[str], *, create: bool = False) -> None:
        """Open a directory of suites.

        Args:
            path: the directory.
            create: make it when it is not there.

        Raises:
            SuiteNotFound: there is no such directory.
            SuiteInvalid: it cannot be made, or it is the folder of a single suite.
        """
        self.path = Path(path)
        if create:
            try:
                self.path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SuiteInvalid(f"{self.path}: cannot be made a directory: {error.strerror}") from None
        if not self.path.is_dir():
            raise SuiteNotFound(
                f"{self.path}: no such directory; give the folder that holds the suites, or fill one with "
                "`verifier suites import`"
            )
        if _holds_suite(self.path):
            raise SuiteInvalid(f"{self.path}: this is one suite's own folder; give the folder above it")
        self._cache: SuiteCache[AnySuite] = SuiteCache()

    def ids(self) -> Iterator[str]:
        """Yield the id of every suite, sorted.

        Raises:
            SuiteInvalid: a folder that holds a suite has a name that cannot be part of an id.
        """
        yield from sorted(self._found())

    def load(self, suite_id: str) -> AnySuite:
        """Return one suite.

        Raises:
            SuiteNotFound: there is none of that id; the message names close ones.
            SuiteInvalid: it breaks a rule, or the id is not one.
        """
        folder = self._folder(suite_id)
        fingerprint = _fingerprint(folder)
        suite = self._cache.get(suite_id, fingerprint)
        if suite is None:
            suite = native_folder.read_suite(folder, suite_id)
            self._cache.keep(suite_id, fingerprint, suite, size=sum(size for _, _, size in fingerprint))
        return suite

    def write(self, suite: AnySuite, *, reference: str | None = None, problem: str | None = None) -> None:
        """Write a suite into the folder that its id names (`native_folder.write_suite`).

        Raises:
            SuiteInvalid: the suite breaks a rule, its id is not one, or it cannot be written.
        """
        check_id(suite.id)
        native_folder.write_suite(self.path / suite.id, suite, reference=reference, problem=problem)

    def reference(self, suite_id: str) -> str | None:
        """Return the reference solution kept beside a suite, if there is one.

        Raises:
            SuiteNotFound, SuiteInvalid: as for `load`.
        """
        path = self._folder(suite_id) / native.REFERENCE_FILE
        return native_folder.read_text(path) if path.is_file() else None

    def statement(self, suite_id: str) -> str | None:
        """Return the statement kept beside a suite, if there is one.

        Raises:
            SuiteNotFound, SuiteInvalid: as for `load`.
        """
        path = self._folder(suite_id) / native.PROBLEM_FILE
        return native_folder.read_text(path) if path.is_file() else None

    def calibration(self, suite_id: str) -> Calibration | None:
        """Return the record kept beside a suite, if there is one (`testsuites.store.Store.calibration`).

        Raises:
            SuiteNotFound, SuiteInvalid: as for `load`, or the record cannot be read.
        """
        path = self._folder(suite_id) / CALIBRATION_FILE
        return read_calibration(native_folder.read_bytes(path), str(path)) if path.is_file() else None

    def write_calibration(self, suite_id: str, calibration: Calibration) -> None:
        """Write the record beside a suite, in place of the one that is there, whole or not at all.

        Raises:
            SuiteNotFound: as for `load`.
            SuiteInvalid: it cannot be written, or the id is not one.
        """
        path = self._folder(suite_id) / CALIBRATION_FILE
        try:
            native_folder.replace_text(path, written(calibration))
        except OSError as error:
            raise SuiteInvalid(f"{path}: cannot be written: {error.strerror}") from None

    def submissions(self, suite_id: str) -> tuple[Labelled, ...]:
        """Return the labelled submissions kept beside a suite, sorted by label and name.

        Raises:
            SuiteNotFound, SuiteInvalid: as for `load`.
        """
        place = self._folder(suite_id) / native.SUBMISSIONS_FOLDER
        return tuple(
            Labelled(
                label=path.parent.name,
                name=path.stem,
                text=native_folder.read_text(path),
                is_answer=path.suffix == ".md",
            )
            for path in sorted(place.glob("*/*"))
            if path.is_file() and not path.name.startswith(".")
        )

    def write_submissions(self, suite_id: str, submissions: Iterable[Labelled]) -> None:
        """Write labelled submissions beside a suite, in place of those that are there under the same names.

        Raises:
            SuiteNotFound: as for `load`.
            SuiteInvalid: one cannot be written, or the id is not one.
        """
        place = self._folder(suite_id) / native.SUBMISSIONS_FOLDER
        for submission in submissions:
            path = place / submission.label / f"{submission.name}{'.md' if submission.is_answer else '.py'}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                native_folder.replace_text(path, submission.text)
            except OSError as error:
                raise SuiteInvalid(f"{path}: cannot be written: {error.strerror}") from None
            except UnicodeEncodeError:
                raise SuiteInvalid(f"{path}: not valid Unicode text") from None

    def _folder(self, suite_id: str) -> Path:
        check_id(suite_id)
        folder = self.path / suite_id
        if not _holds_suite(folder):
            raise SuiteNotFound(not_there(str(self.path), suite_id, list(self.ids())))
        return folder

    def _found(self) -> Iterator[str]:
        for here, folders, files in os.walk(self.path):
            if not any(name in files for name in native.SUITE_FILES):
                continue
            folders[:] = [name for name in folders if name not in (native.TESTS_FOLDER, native.SUBMISSIONS_FOLDER)]
            suite_id = Path(here).relative_to(self.path).as_posix()
            try:
                check_id(suite_id)
            except SuiteInvalid:
                raise SuiteInvalid(
                    f"{here}: the path of a suite's folder is its id: letters, digits, '.', '_' and '-' only; rename it"
                ) from None
            yield suite_id


def _holds_suite(folder: Path) -> bool:
    return any((folder / name).is_file() for name in native.SUITE_FILES)


def _fingerprint(folder: Path) -> _Fingerprint:
    """Names, times and sizes of everything that `read_suite` reads."""
    paths = [folder / name for name in (*native.SUITE_FILES, *native.JUDGE_FILES)]
    tests = folder / native.TESTS_FOLDER
    try:
        if tests.is_dir():
            paths += sorted(tests.iterdir())
        stats = [(path.name, path.stat()) for path in paths if path.exists()]
    except OSError as error:
        raise SuiteInvalid(f"{folder}: cannot be read: {error.strerror}") from None
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
