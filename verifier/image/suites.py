"""The suites that an image can hold: what grading reads of them, and nothing else that lies beside it."""

from __future__ import annotations

from pathlib import Path

from testsuites.directory import DirectoryStore
from testsuites.layout import is_read_for_grading
from testsuites.native import TESTS_FOLDER
from verifier.image.errors import ImageError

PLACE = "/opt/suites"
"""Where suites are in an image; the variable VERIFIER_SUITES names it there."""

ADD_SUITES = f"COPY suites {PLACE}\nENV VERIFIER_SUITES={PLACE}\n"
"""The steps that put them into an image: a Dockerfile, but for its line FROM."""


def suite_files(folder: Path) -> dict[str, Path]:
    """Return the files of every suite of a folder, by their names in the image's build. Each suite was read once.

    Raises:
        ImageError: the folder holds no suites.
        SuiteError: it is not a folder of suites, or one of them cannot be used.
    """
    store = DirectoryStore(folder)
    files: dict[str, Path] = {}
    for suite_id in store.ids():
        store.load(suite_id)
        place = folder / suite_id
        found = [*sorted(place.glob("*")), *sorted((place / TESTS_FOLDER).glob("*"))]
        read = [path for path in found if is_read_for_grading(path.relative_to(place).as_posix()) and path.is_file()]
        files |= {f"suites/{path.relative_to(folder).as_posix()}": path for path in read}
    if not files:
        raise ImageError(f"{folder}: holds no suites; name the folder that holds them")
    return files
