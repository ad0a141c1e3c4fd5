"""All files of all suites of a store, those beside them included: what sealing reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.layout import is_beside, is_read_for_grading
from testsuites.native import SUBMISSIONS_FOLDER, TESTS_FOLDER, check_sizes
from testsuites.native_folder import read_bytes
from testsuites.packed import Packed
from testsuites.store import ARCHIVE, SEALED


def open_whole(place: str) -> Packed:
    """Return all that a folder or an archive of suites holds.

    Raises:
        SuiteNotFound: it is neither, or not there.
        SuiteInvalid: it cannot be used.
        SuiteUnavailable: it cannot be read now.
    """
    if "://" in place:
        raise SuiteNotFound(f"{place}: give a folder or a .zip file; get the objects first: aws s3 sync {place} FOLDER")
    if place.endswith(SEALED):
        raise SuiteInvalid(f"{place}: is sealed already; `verifier suites unseal` gives the folder back")
    if place.endswith(ARCHIVE) and not Path(place).is_dir():
        from testsuites.archive import Archive
        from testsuites.one_file import LocalFile

        return Archive(LocalFile(place).open().content, place)
    return FolderFiles(place)


class FolderFiles:
    """The files of a folder of suites (`testsuites.packed.Packed`)."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a folder; errors as for `DirectoryStore`, whose ids it has."""
        store = DirectoryStore(path)
        self._path = store.path
        self._ids = dict.fromkeys(store.ids())

    @property
    def ids(self) -> Collection[str]:
        """Return the ids, sorted."""
        return self._ids.keys()

    def files(self, suite_id: str) -> dict[str, bytes]:
        """Return what grading reads of a suite (`testsuites.packed.Packed.files`)."""
        return self._contents(suite_id, ("*", f"{TESTS_FOLDER}/*"), is_read_for_grading)

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return what lies beside a suite (`testsuites.packed.Packed.beside`)."""
        return self._contents(suite_id, ("*", f"{SUBMISSIONS_FOLDER}/*/*"), is_beside)

    def _contents(self, suite_id: str, patterns: tuple[str, ...], wanted: Callable[[str], bool]) -> dict[str, bytes]:
        folder = self._path / suite_id
        try:
            found = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
            paths = {path.relative_to(folder).as_posix(): path for path in found}
            paths = {name: path for name, path in paths.items() if wanted(name) and path.is_file()}
            check_sizes(str(folder), {name: path.stat().st_size for name, path in paths.items()})
        except OSError as error:
            raise SuiteInvalid(f"{folder}: cannot be read: {error.strerror}") from None
        return {name: read_bytes(path) for name, path in paths.items()}
