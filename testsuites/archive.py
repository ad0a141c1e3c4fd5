"""Suites in one .zip file: its members are named as the files of a folder of suites are.

    HumanEval/0/suite.json                 the suite HumanEval/0
    two-sum/suite.toml, two-sum/tests/a.in the suite two-sum

The index is read when the archive is opened, a suite's members when the suite is asked for, into memory. Nothing is
extracted, so no name can lead out of a folder; an archive with names that would is refused all the same, since
whoever wrote it meant harm or made a mistake. A member is never read beyond the size that the index gives, and the
sizes of a suite are bounded before any is read (`testsuites.native.check_sizes`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from testsuites.errors import SuiteInvalid
from testsuites.layout import folders_of_suites, is_beside, is_read_for_grading, sorted_ids
from testsuites.native import SUITE_FILES, check_sizes
from testsuites.one_file import Content
from testsuites.zip_members import ZipMembers


class Archive:
    """An open .zip file (`testsuites.packed.Packed`)."""

    def __init__(self, content: Content, place: str) -> None:
        """Read the index.

        Args:
            content: of the file.
            place: the file's, for messages.

        Raises:
            SuiteInvalid: it is no .zip file, or one that this release refuses.
            SuiteUnavailable: it cannot be read now.
        """
        self._place = place
        self._zip = ZipMembers(content, place)
        members = self._zip.sizes
        if any(name in members for name in SUITE_FILES):
            raise SuiteInvalid(f"{place}: holds one suite's own files; put them into a folder, whose path is the id")
        folders = folders_of_suites(members)
        self._suites: dict[str, dict[str, str]] = {suite_id: {} for suite_id in sorted_ids(place, folders)}
        for folder, own in _by_suite(members, folders).items():
            self._suites[folder] = own

    @property
    def ids(self) -> Collection[str]:
        """Return the ids, sorted."""
        return self._suites.keys()

    def files(self, suite_id: str) -> dict[str, bytes]:
        """Return what grading reads of a suite (`testsuites.packed.Packed.files`)."""
        return self._contents(suite_id, is_read_for_grading)

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return what lies beside a suite (`testsuites.packed.Packed.beside`)."""
        return self._contents(suite_id, is_beside)

    def _contents(self, suite_id: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
        place = f"{self._place}/{suite_id}"
        members = {name: member for name, member in self._suites[suite_id].items() if wanted(name)}
        check_sizes(place, {name: self._zip.sizes[member] for name, member in members.items()})
        return {name: self._zip.read(member, f"{place}/{name}") for name, member in members.items()}


def _by_suite(names: Collection[str], folders: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the members of each suite, by their names below the suite's folder."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        folder = name.rpartition("/")[0]
        while folder and folder not in folders:
            folder = folder.rpartition("/")[0]
        if folder:
            found[folder][name.removeprefix(f"{folder}/")] = name
    return found
