"""The checkout of this project that an image is built from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from verifier.image.errors import ImageError

DOCKERFILE = "container/Dockerfile"


@dataclass(frozen=True)
class Checkout:
    """A folder with the project's sources, and the version that they have."""

    root: Path
    version: str

    def sources(self) -> list[str]:
        """Return the files that a build gets, sorted names relative to the root: .dockerignore says which."""
        from docker.utils import exclude_paths

        lines = (self.root / ".dockerignore").read_text(encoding="utf-8").splitlines()
        patterns = [line for line in lines if line and not line.startswith("#")]
        names = exclude_paths(str(self.root), patterns, DOCKERFILE)
        return sorted(name for name in names if (self.root / name).is_file())


def find_checkout() -> Checkout:
    """Return the checkout that is the working folder, else the one that this code is in.

    Raises:
        ImageError: neither is one.
    """
    for folder in (Path.cwd(), Path(__file__).parents[2]):
        version = _version(folder)
        if version and (folder / DOCKERFILE).is_file():
            return Checkout(folder, version)
    raise ImageError(
        "the image is built from a checkout of rlvr-verifier, and this folder is none; clone the project and run the "
        "command there"
    )


def _version(folder: Path) -> str | None:
    """Return the version of this project in a folder; None when another project, or none, is there."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"]) if project["name"] == "rlvr-verifier" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
