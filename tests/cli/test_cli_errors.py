"""One line for each error: what the product says on purpose is quoted, anything else is not."""

from __future__ import annotations

import pytest

from sandbox.errors import SandboxUnavailable
from sandbox.settings import SettingsError
from testsuites.errors import SuiteNotFound
from verifier.cli.errors import CommandError, explain
from verifier.policy import PolicyError


@pytest.mark.parametrize("kind", [CommandError, SuiteNotFound, PolicyError, SettingsError, SandboxUnavailable])
def test_a_known_error_is_quoted(kind: type[Exception]) -> None:
    """The product's own errors are written for the user."""
    assert explain(kind("do\nthis")) == ("error: do\\nthis", 2)


def test_an_error_about_a_file_names_the_file() -> None:
    """What the system says about a file is enough to act on."""
    assert explain(FileNotFoundError(2, "No such file or directory", "a.jsonl")) == (
        "error: a.jsonl: No such file or directory",
        2,
    )


def test_a_missing_extra_is_told_with_the_command_that_installs_it() -> None:
    """Typer and rich are in the extra `cli`."""
    line, code = explain(ModuleNotFoundError("No module named 'typer'", name="typer"))
    assert "pip install 'rlvr-verifier[cli]'" in line
    assert code == 2


def test_an_unexpected_error_tells_its_place_and_not_its_text() -> None:
    """Its text may quote a hidden test."""
    try:
        int("hidden")
    except ValueError as error:
        line, code = explain(error)
    assert "ValueError at cli/test_cli_errors.py:" in line
    assert "hidden'" not in line
    assert code == 3
