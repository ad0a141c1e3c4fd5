"""The files of one package, wherever they are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePosixPath

from testsuites.errors import SuiteInvalid
from testsuites.native import check_sizes
from testsuites.native_text import decoded

MAX_TEXT_BYTES = 16 * 1024 * 1024
"""For what is no test: a program, a statement, the package's own description."""


class Package:
    """The files of one package. Messages name a file by its path in the package.

    Attributes:
        name: of the package: that of its folder or archive.
        sizes: bytes of each file, by its path in the package.
    """

    def __init__(self, name: str, sizes: Mapping[str, int], read: Callable[[str], bytes]) -> None:
        """Name a package.

        Args:
            name: as above.
            sizes: as above.
            read: returns what the file of this path holds, or raises SuiteInvalid.
        """
        self.name = name
        self.sizes = sizes
        self._read = read

    def __contains__(self, path: object) -> bool:
        """Tell whether the package has this file."""
        return path in self.sizes

    def below(self, folder: str, *suffixes: str) -> list[str]:
        """Return the paths of all files below a folder, of these suffixes where some are given; sorted."""
        found = (path for path in self.sizes if path.startswith(f"{folder}/"))
        return sorted(path for path in found if not suffixes or PurePosixPath(path).suffix in suffixes)

    def text(self, path: str, most: int | None = None) -> str:
        """Return the text of a file that is no test.

        Args:
            path: the file's.
            most: bytes that it may have; `MAX_TEXT_BYTES` where it is not told.

        Raises:
            SuiteInvalid: it is not there, is larger, or is not UTF-8.
        """
        most = MAX_TEXT_BYTES if most is None else most
        if path not in self.sizes:
            raise SuiteInvalid(f"{path}: there is no such file")
        if self.sizes[path] > most:
            raise SuiteInvalid(f"{path}: larger than {most // 1024} KiB")
        return decoded(self._read(path), path)

    def tests(self, paths: Collection[str]) -> dict[str, str]:
        """Return the texts of test files, whose sizes are looked at before one is read.

        Raises:
            SuiteInvalid: one is not there or not UTF-8, or they are larger than the files of a suite may be.
        """
        missing = [path for path in paths if path not in self.sizes]
        if missing:
            raise SuiteInvalid(f"{missing[0]}: there is no such file")
        check_sizes(self.name, {path: self.sizes[path] for path in paths})
        return {path: decoded(self._read(path), path) for path in paths}
