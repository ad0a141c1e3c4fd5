"""What tests of sealed suites share: a key, and a small store that is sealed with it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from testsuites.one_file import InMemory
from testsuites.sealed import Sealed
from testsuites.sealed_keys import KEY
from testsuites.sealed_writing import seal
from testsuites.whole import open_whole

ONE_KEY = base64.b64encode(bytes(range(32))).decode()
ANOTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
ECHO = 'kind = "stdio"\n[[tests]]\nstdin = "1"\nstdout = "{}"\n'


@contextmanager
def key_set(text: str = ONE_KEY) -> Iterator[None]:
    """Have a key in the environment, for tests that Hypothesis runs many times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY, text)
        yield


def write_suites(folder: Path, **contents: str) -> Path:
    """Write a suite for each name, which expects the text, and return the folder."""
    for name, expected in contents.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "suite.toml").write_text(ECHO.format(expected))
    return folder


def sealed_bytes(folder: Path) -> bytes:
    """Seal a folder with the key that is set, and return the file's content."""
    file = folder.with_suffix(".sealed")
    seal(open_whole(str(folder)), str(folder), file)
    return file.read_bytes()


def opened(data: bytes) -> Sealed:
    """Open the content of a file of sealed suites."""
    return Sealed(InMemory(data), "place")


def contents(data: bytes) -> dict[str, dict[str, bytes]]:
    """Return everything in a file of sealed suites, by id."""
    sealed = opened(data)
    return {suite_id: sealed.files(suite_id) | sealed.beside(suite_id) for suite_id in sealed.ids}
