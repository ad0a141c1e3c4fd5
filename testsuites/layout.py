"""How suites lie below a store, whatever it is made of: which names make a suite, and what to say of one missing.

A store is looked at as names with ``/`` between their parts, as keys of a bucket and members of an archive have them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from testsuites.calibration import CALIBRATION_FILE
from testsuites.errors import SuiteInvalid
from testsuites.native import (
    JUDGE_FILES,
    PROBLEM_FILE,
    REFERENCE_FILE,
    SUBMISSIONS_FOLDER,
    SUITE_FILES,
    TEST_SUFFIXES,
    TESTS_FOLDER,
)
from testsuites.store import check_id

_OWN_FOLDERS = (TESTS_FOLDER, SUBMISSIONS_FOLDER)


def is_read_for_grading(name: str) -> bool:
    """Tell whether grading reads the file of this name below a suite's folder: the suite, and its record."""
    folder, _, file = name.rpartition("/")
    if folder == TESTS_FOLDER:
        return PurePosixPath(file).suffix in TEST_SUFFIXES and "\0" not in file
    return name in (*SUITE_FILES, *JUDGE_FILES, CALIBRATION_FILE)


def is_beside(name: str) -> bool:
    """Tell whether the file of this name below a suite's folder is for people and for checks."""
    if name in (PROBLEM_FILE, REFERENCE_FILE):
        return True
    folder, *rest = name.split("/")
    return (
        folder == SUBMISSIONS_FOLDER and len(rest) == 2 and all(part.strip(".") for part in rest) and "\0" not in name
    )


def folders_of_suites(names: Iterable[str]) -> set[str]:
    """Return the folders that hold a suite, given the names of all files. A suite's own files hold no other suite."""
    folders = {name.rpartition("/")[0] for name in names if name.rpartition("/")[2] in SUITE_FILES}

    def is_a_suites_own(folder: str) -> bool:
        parts = folder.split("/")
        own = (number for number, part in enumerate(parts) if part in _OWN_FOLDERS)
        return any("/".join(parts[:number]) in folders for number in own)

    return {folder for folder in folders if not is_a_suites_own(folder)}


def sorted_ids(place: str, folders: Iterable[str]) -> list[str]:
    """Return the ids of the suites in these folders, sorted.

    Raises:
        SuiteInvalid: the path of one cannot be an id; the message starts with `place`.
    """
    ids = sorted(folders)
    for suite_id in ids:
        try:
            check_id(suite_id)
        except SuiteInvalid:
            raise SuiteInvalid(
                f"{place}/{suite_id}: the path of a suite below its store is its id: letters, digits, '.', '_' and "
                "'-' only; rename it"
            ) from None
    return ids


def not_there(place: str, suite_id: str, known: Collection[str], *, are_all: bool = True) -> str:
    """Say that a suite is not in a store, and name ids that are close.

    Args:
        place: the store's.
        suite_id: what was looked for.
        known: ids that are there.
        are_all: whether these are all.
    """
    import difflib  # 18 ms that a suite that is there does not cost

    close = difflib.get_close_matches(suite_id, list(known), n=3)
    among = f"among the {len(known)} " if are_all else ""
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"{place}: no suite {suite_id} {among}there{hint}"
