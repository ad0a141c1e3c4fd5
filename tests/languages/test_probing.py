"""Whether a language is here, and in which version, by what its tools say of themselves."""

from __future__ import annotations

import platform
from pathlib import Path

import msgspec
import pytest

from sandbox import languages
from sandbox.languages import Language, probing
from sandbox.languages.probing import remedy, version_of
from tests.languages.needs import need


def asking(*command: str) -> Language:
    """Return a language whose version that command prints."""
    bash = languages.language("bash")
    return msgspec.structs.replace(bash, probe=languages.Probe(command=command, install="a-package"))


def test_python_is_the_one_that_runs() -> None:
    """It needs no probe, and there is nothing to install."""
    python = languages.language("python")
    assert version_of(python) == platform.python_version()
    assert remedy(python) == ""


@pytest.mark.parametrize("name", [name for name, each in languages.known().items() if each.probe])
def test_what_is_here_has_a_version(name: str) -> None:
    """The first number with a dot in what its command prints."""
    need(name)
    version = version_of(languages.language(name))
    assert version is not None
    assert version[0].isdigit()
    assert "." in version


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"),
        ("go version go1.19.8 linux/amd64", "1.19.8"),
        ("GNU bash, version 5.2.15(1)-release", "5.2.15"),
        ("version 21", "unknown"),
        ("", "unknown"),
    ],
)
def test_versions_are_found_in_what_is_printed(printed: str, version: str) -> None:
    """As tools print them; one that tells none is here all the same."""
    assert version_of(asking("echo", printed)) == version


def test_what_is_not_here_has_no_version() -> None:
    """Nor has what fails when it is asked; what to do is told with the package's name."""
    missing, failing = asking("no-such-compiler"), asking("false")
    assert version_of(missing) is version_of(failing) is None
    assert remedy(missing) == "no-such-compiler is missing; on Debian install a-package"
    assert remedy(failing) == "false does not start; on Debian install a-package"


def test_a_tool_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for without end."""
    monkeypatch.setattr(probing, "_SECONDS", 0.05)
    assert version_of(asking("sleep", "60")) is None


def test_each_tool_is_asked_once(tmp_path: Path) -> None:
    """Starting it takes long."""
    log = tmp_path / "log"
    counting = asking("bash", "-c", f"echo 1.0; echo asked >> {log}")
    assert version_of(counting) == version_of(counting) == "1.0"
    assert log.read_text() == "asked\n"


def test_a_tool_is_looked_for_where_its_language_says(tmp_path: Path) -> None:
    """The PATH of its file counts, and not that of whoever asks."""
    tool = tmp_path / "a-compiler"
    tool.write_text("#!/bin/sh\necho 7.8.9\n")
    tool.chmod(0o755)
    bash = asking("a-compiler")
    assert bash.build is not None
    build = msgspec.structs.replace(bash.build, environment={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert version_of(bash) is None
    assert probing._path(msgspec.structs.replace(bash, build=build)).startswith(str(tmp_path))
