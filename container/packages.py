"""The first stage of container/Dockerfile: lists the packages of Debian that the languages of an image need.

Run as `packages.py LANGUAGE...` beside the languages' files, which name them (`probe.install`), by the base's python3.
Writes one a line to /packages/opt/debian-packages, which becomes part of the image. Standard library only.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

LIST = Path("/packages/opt/debian-packages")


def main() -> None:
    """Write the list, with the one time of the build: the same languages make the same layer."""
    LIST.parent.mkdir(parents=True)
    LIST.write_text("".join(f"{package}\n" for package in packages_of(Path(), sys.argv[1:])), "utf-8")
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in (LIST, LIST.parent):
        os.utime(path, (moment, moment))


def packages_of(folder: Path, names: list[str]) -> list[str]:
    """Return the packages that languages need, sorted, each once."""
    files = {path.stem: path for path in folder.glob("*.toml")}
    for name in names:
        if name not in files:
            sys.exit(f"LANGUAGES: no language is called {name!r}; there are {', '.join(sorted(files))}")
    probes = [tomllib.loads(files[name].read_text("utf-8")).get("probe", {}) for name in names]
    return sorted({package for probe in probes for package in probe.get("install", "").split()})


if __name__ == "__main__":
    main()
