"""A package in a folder of this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from testsuites.errors import SuiteInvalid
from testsuites.importers.packages.package import Package
from testsuites.native_folder import read_bytes

MAX_FILES = 1_000_000
"""Of all kinds; a suite has 100,000 tests at most, each two files."""


def folder_package(path: Path) -> Package:
    """Return the package in a folder. Links to files are followed within it.

    Raises:
        SuiteInvalid: it cannot be read, has too many files, or has links that lead out of it or to folders.
    """
    root = path.resolve()
    files: dict[str, Path] = {}
    for here, folders, names in os.walk(root, onerror=refuse):
        for name in folders:
            if Path(here, name).is_symlink():
                raise SuiteInvalid(f"{_inside(root, here, name)}: a link to a folder; put the folder itself there")
        for name in names:
            file = Path(here, name).resolve()
            if not file.is_relative_to(root) or not file.is_file():
                raise SuiteInvalid(f"{_inside(root, here, name)}: no file, or a link that leads out of the package")
            files[_inside(root, here, name)] = file
        if len(files) > MAX_FILES:
            raise SuiteInvalid(f"has more than {MAX_FILES:,} files")
    sizes = {name: file.stat().st_size for name, file in files.items()}
    return Package(root.name, sizes, lambda name: read_bytes(files[name]))


def refuse(error: OSError) -> NoReturn:
    """Raise what `os.walk` met as SuiteInvalid, in place of leaving a folder out."""
    raise SuiteInvalid(f"{error.filename}: cannot be read: {error.strerror}") from None


def _inside(root: Path, here: str, name: str) -> str:
    return Path(here, name).relative_to(root).as_posix()
