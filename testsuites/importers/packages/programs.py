"""Programs of a package: this release runs those that are one file of Python 3."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from testsuites.importers.packages.package import Package

_PYTHON2 = re.compile(r"#!.*python2")


def programs_in(package: Package, folder: str) -> list[str]:
    """Return the programs that a folder holds, files and folders, by their paths; sorted."""
    start = len(folder) + 1
    return sorted({f"{folder}/{path[start:].partition('/')[0]}" for path in package.below(folder)})


def python_text(package: Package, path: str) -> str | None:
    """Return the text of a program that is one file of Python 3, or a folder with such a file alone; else None.

    Raises:
        SuiteInvalid: its file is too large, or is not UTF-8.
    """
    files = [path] if path in package else package.below(path)
    if len(files) != 1 or PurePosixPath(files[0]).suffix not in (".py", ".py3"):
        return None
    text = package.text(files[0])
    return None if _PYTHON2.match(text) else text


def program_name(path: str, taken: Iterable[str]) -> str:
    """Return a file name for a program beside a suite, unlike those that are taken."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePosixPath(path).stem, flags=re.ASCII).strip("-.") or "program"
    others, number, free = set(taken), 1, name
    while free in others:
        number += 1
        free = f"{name}-{number}"
    return free
