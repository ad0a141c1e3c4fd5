"""Whether the commands of a language are on this machine, and which files they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sandbox.languages.language import Language

_PATH = "/usr/bin:/bin"


def absent(language: Language) -> str:
    """Return the name of a command that a language needs and that is not here; nothing when all are."""
    return next((command for command, path in _commands(language) if path is None), "")


def fingerprint(language: Language) -> tuple[tuple[str, int, int], ...]:
    """Return what tells these commands from others of the same names: another version is another file."""
    files = [(path, os.stat(path)) for _, path in _commands(language) if path is not None]  # noqa: PTH116 - text
    return tuple((str(Path(path).resolve()), status.st_size, status.st_mtime_ns) for path, status in files)


def _commands(language: Language) -> list[tuple[str, str | None]]:
    """Return each command and where it is. A program that is built is none: it is named by a place to be filled."""
    parts = [(part.command[0], part.environment) for part in (language.build, language.run) if part is not None]
    if language.probe is not None:
        parts.append((language.probe.command[0], {}))
    return [
        (command, shutil.which(command, path=environment.get("PATH", _PATH)))
        for command, environment in parts
        if not command.startswith("{")
    ]
