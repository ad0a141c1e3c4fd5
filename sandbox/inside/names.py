"""Names in a folder that belongs to the sandbox alone: a program can make folders and links without a descriptor."""

from __future__ import annotations

import os
import stat


class Names:
    """A place where programs can leave something (`audit.Place`): each name at the top of the folder."""

    def __init__(self, folder: str) -> None:
        """Take the folder; it need not exist."""
        self._folder = folder

    def look(self) -> set[str]:
        """Return the names."""
        return _names(self._folder)

    def remove(self, thing: str) -> None:
        """Remove a name and all below it, following no link."""
        _remove(f"{self._folder}/{thing}")


def _names(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208 - pathlib stays out of the zygote
    except FileNotFoundError:
        return set()


def _remove(path: str) -> None:
    """Remove without going deep: a folder within a folder is moved up first, for a path can only be so long."""
    if not stat.S_ISDIR(os.lstat(path).st_mode):
        os.unlink(path)  # noqa: PTH108
        return
    left = [path]
    while left:
        folder = left.pop()
        os.chmod(folder, 0o700)  # noqa: PTH101
        for name in _names(folder):
            below = f"{folder}/{name}"
            if stat.S_ISDIR(os.lstat(below).st_mode):
                os.chmod(below, 0o700)  # noqa: PTH101 - its parent changes, which takes the right to write to it
                left.append(f"{path}.{os.urandom(16).hex()}")
                os.rename(below, left[-1])  # noqa: PTH104
            else:
                os.unlink(below)  # noqa: PTH108
        os.rmdir(folder)  # noqa: PTH106
