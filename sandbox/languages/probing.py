"""Which languages are here, and in which version: what their tools say of themselves, asked once by each process."""

from __future__ import annotations

import functools
import re

from sandbox.languages.language import Language
from sandbox.languages.presence import absent

_SECONDS = 20
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_USUAL_PATH = "/usr/bin:/bin"


def version_of(language: Language) -> str | None:
    """Return the version of what builds or runs a language; None where that is not here, or does not start.

    A tool that tells no version has the version `unknown`.
    """
    if language.probe is None:
        import platform

        return platform.python_version()
    if absent(language):
        return None
    return _version(language.probe.command, _path(language))


def remedy(language: Language) -> str:
    """Return what is wrong with a language that has no version, and what to do; nothing for the one that always has."""
    if language.probe is None:
        return ""
    command = absent(language)
    wrong = f"{command} is missing" if command else f"{language.probe.command[0]} does not start"
    return f"{wrong}; on Debian install {language.probe.install}"


def _path(language: Language) -> str:
    """Return where a language's tools are looked for when they are used."""
    for part in (language.build, language.run):
        if part is not None and "PATH" in part.environment:
            return part.environment["PATH"]
    return _USUAL_PATH


@functools.cache
def _version(command: tuple[str, ...], path: str) -> str | None:
    import subprocess

    environment = {"PATH": path, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    try:
        ended = subprocess.run(
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if ended.returncode != 0:
        return None
    found = _VERSION.search(ended.stdout.decode("utf-8", "replace"))
    return found[0] if found else "unknown"
