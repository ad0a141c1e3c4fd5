"""From a folder or an archive to the packages in it.

A package is where its own description lies (`problem.yaml`, `problem.xml`): the folder or archive itself, or a folder
at any depth in it, such as `problems/sums/` of a contest. Archives in a folder are looked into, those in an archive are
not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from testsuites.errors import SuiteError, SuiteInvalid
from testsuites.importers.packages.folder import folder_package, refuse
from testsuites.importers.packages.package import Package
from testsuites.one_file import LocalFile
from testsuites.zip_members import ZipMembers

ARCHIVES = (".zip", ".kpp")


class Found(NamedTuple):
    """A package that is still to be opened.

    Attributes:
        name: its name, for messages.
        open: returns it; raises SuiteInvalid.
    """

    name: str
    open: Callable[[], Package]


def find_packages(path: Path, marker: str) -> Iterator[Found]:
    """Yield the packages of a source, in the order of their paths. One archive at a time is open.

    Args:
        path: a folder or an archive.
        marker: name of the file that makes a folder a package.

    Raises:
        SuiteInvalid: there is none, or the source cannot be read.
        SuiteUnavailable: it cannot be read now.
    """
    found = _in_folder(path, marker) if path.is_dir() else _in_archive(path, marker)
    first = next(found, None)
    if first is None:
        raise SuiteInvalid(f"{path}: holds no package, which is a folder or an archive with a file {marker}")
    yield first
    yield from found


def _in_folder(path: Path, marker: str) -> Iterator[Found]:
    for here, folders, files in os.walk(path, onerror=refuse):
        folders.sort()
        if marker in files:
            folders.clear()
            yield Found(Path(here).resolve().name, partial(folder_package, Path(here)))
            continue
        for name in sorted(files):
            if name.endswith(ARCHIVES):
                yield from _in_archive_of_a_folder(Path(here, name), marker)


def _in_archive_of_a_folder(path: Path, marker: str) -> list[Found]:
    """Return an archive's packages; an archive that has none, or is broken, is one that cannot be opened."""
    try:
        return list(_in_archive(path, marker)) or [Found(path.stem, partial(_fail, f"has no file {marker}"))]
    except SuiteError as error:
        return [Found(path.stem, partial(_fail, str(error)))]


def _fail(reason: str) -> Package:
    raise SuiteInvalid(reason)


def _in_archive(path: Path, marker: str) -> Iterator[Found]:
    if not path.name.endswith(ARCHIVES):
        raise SuiteInvalid(f"{path}: expected a folder, or a {' or '.join(ARCHIVES)} file")
    members = ZipMembers(LocalFile(path).open().content, str(path))
    folders = {name.rpartition("/")[0] for name in members.sizes if name.rpartition("/")[2] == marker}
    for folder in sorted(folders):
        if not any(_is_below(folder, other) for other in folders):
            yield Found(folder.rpartition("/")[2] or path.stem, partial(_packed, members, folder, path.stem))


def _is_below(folder: str, other: str) -> bool:
    return folder != other and (not other or folder.startswith(f"{other}/"))


def _packed(members: ZipMembers, folder: str, stem: str) -> Package:
    start = f"{folder}/" if folder else ""
    sizes = {path.removeprefix(start): size for path, size in members.sizes.items() if path.startswith(start)}
    return Package(folder.rpartition("/")[2] or stem, sizes, lambda path: members.read(f"{start}{path}", path))
