"""verifier.components.code_health and linter: what ruff finds, and what becomes of it where ruff fails."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.components.evidence_made import evidence
from verifier.components import CodeHealth, ComponentError, ComponentFault, linter
from verifier.components.code_health import LONGEST
from verifier.components.linter import Linter, _command

FOUND = "import os\ndef f(x=[]):\n    try:\n        return x\n    except:\n        pass\n"
"""Three findings: an import that is not used, a default that changes, an `except` of everything."""
CRASHES = "1" + "+1" * 30_000 + "\n"
"""Overflows the stack of ruff's parser."""
ENDLESS = "x=" * 32_000 + "1\n"
"""Keeps ruff busy for much longer than it has."""


def figure(program: str, **numbers: Any) -> float | None:
    """Return the figure of a program."""
    return CodeHealth(**numbers).meter().measure(evidence(program))


@pytest.fixture
def fresh_commands() -> Iterator[None]:
    """Forget what was tried before, and what is tried now."""
    _command.cache_clear()
    yield
    _command.cache_clear()


def test_findings_are_counted() -> None:
    """Four leave half."""
    assert figure("print(1)\n") == 1.0
    assert figure("import os\n") == 4 / 5
    assert figure(FOUND) == 4 / 7
    assert figure("import a, b, c, d\n") == 0.5
    assert figure("import os\n", half=1) == 0.5


def test_rules_can_be_chosen() -> None:
    """By their codes, or beginnings of codes."""
    assert figure(FOUND, select=("F",)) == 4 / 5
    assert figure(FOUND, select=("B006", "E722")) == 4 / 6
    assert figure("x = 1 ;y = [ 1,2 ]\n", select=("F", "E722")) == 1.0


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: F401, B006, E722",
        "# ruff: noqa",
        "# ruff: noqa: F401",
        "# flake8: noqa",
        "# ruff: disable[F401]",
        "# ruff: file-ignore[F401]",
        "# type: ignore",
        "# pylint: disable=all",
        "# fmt: off",
        '# /// script\n# requires-python = ">=3.7"\n# [tool.ruff.lint]\n# ignore = ["F401"]\n# ///',
    ],
)
def test_comments_silence_nothing(comment: str) -> None:
    """Neither at the head of the program nor at the end of each line."""
    at_ends = "".join(f"{line}  {comment}\n" for line in FOUND.splitlines()) if "\n" not in comment else FOUND
    assert figure(f"{comment}\n{FOUND}") == figure(at_ends) == figure(FOUND)


def test_padding_dilutes_nothing() -> None:
    """A share of lines with findings would rise with lines that do nothing; a count does not."""
    padded = FOUND + "".join(f"a{number} = {number}\n" for number in range(500))
    assert 3 / len(padded.splitlines()) < 0.01 < 3 / len(FOUND.splitlines())
    assert figure(padded) == figure(FOUND)


def test_code_in_a_text_is_a_finding() -> None:
    """What ruff cannot see is one finding itself."""
    assert figure(f"exec({FOUND!r})\n") == 4 / 5


def test_other_languages_are_not_measured() -> None:
    """Ruff reads Python only."""
    assert CodeHealth().meter().measure(evidence("int main() {}", language="cpp")) is None


@pytest.mark.parametrize("program", ["print(1", "x = '\ud800'\n", "x = '\0'\n", "\ufeffimport os\r\n", ""], ids=ascii)
def test_any_text_has_a_figure(program: str) -> None:
    """What does not compile has findings, and nothing raises."""
    told = figure(program)
    assert told is not None
    assert 0.0 < told <= 1.0


def test_a_program_that_ruff_crashes_on_is_worth_nothing() -> None:
    """It is the answer's doing, and no answer may choose not to be judged."""
    assert Linter(("F",)).findings(CRASHES) is None
    assert figure(CRASHES) == 0.0


def test_a_program_that_takes_ruff_too_long_is_worth_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ruff works without it, so it is the cause."""
    monkeypatch.setattr(linter, "SECONDS", 1.0)
    assert figure(ENDLESS) == 0.0


def test_the_longest_program() -> None:
    """One more character than is looked at is worth nothing, whatever it says."""
    assert figure("#" * LONGEST) == 1.0
    assert figure("#" * (LONGEST + 1)) == 0.0


def test_ruff_that_always_fails_is_no_doing_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The component is not judged, this once."""
    meter = CodeHealth().meter()
    monkeypatch.setattr(linter, "SECONDS", 0.0)
    with pytest.raises(ComponentFault, match="does nothing"):
        meter.measure(evidence(FOUND))
    monkeypatch.undo()
    assert meter.measure(evidence(FOUND)) == 4 / 7


def test_ruff_that_cannot_be_started_is_no_doing_of_the_answer() -> None:
    """As where it is gone, or the system is out of processes."""
    meter = CodeHealth().meter()
    meter._linter._command = ("/nowhere/ruff",)  # type: ignore[attr-defined]
    with pytest.raises(ComponentFault, match="cannot be started: No such file"):
        meter.measure(evidence(FOUND))


def test_an_interrupt_ends_it() -> None:
    """What is under way is not judged, and the next program is."""
    meter = CodeHealth().meter()
    told: list[str] = []

    def measure() -> None:
        try:
            meter.measure(evidence(ENDLESS))
        except ComponentFault as fault:
            told.append(str(fault))

    thread = threading.Thread(target=measure)
    thread.start()
    while thread.is_alive() and not meter._linter._running:  # type: ignore[attr-defined]
        time.sleep(0.001)
    meter.interrupt()
    thread.join()
    assert told == ["ruff was interrupted"]
    assert meter.measure(evidence(FOUND)) == 4 / 7


def test_several_threads_measure_at_once() -> None:
    """Each gets the figure of its own program."""
    meter = CodeHealth().meter()
    programs = ["import os\n" * 1, "import a, b\n", "import a, b, c\n", "print(1)\n"] * 3
    told: dict[int, float | None] = {}
    threads = [
        threading.Thread(target=lambda n=n, p=p: told.update({n: meter.measure(evidence(p))}))  # type: ignore[misc]
        for n, p in enumerate(programs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [told[n] for n in range(12)] == [4 / 5, 4 / 6, 4 / 7, 1.0] * 3


def test_settings_of_the_place_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file in the working folder, nor the environment."""
    (tmp_path / "ruff.toml").write_text('[lint]\nignore = ["F401"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUFF_CONFIG", str(tmp_path / "ruff.toml"))
    assert figure("import os\n") == 4 / 5
    assert [path.name for path in tmp_path.iterdir()] == ["ruff.toml"]


@pytest.mark.usefixtures("fresh_commands")
def test_without_ruff_the_component_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(ComponentError, match=r"pip install 'rlvr-verifier\[health\]'"):
        CodeHealth()


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"half": 0.0}, "half"),
        ({"half": math.nan}, "half"),
        ({"half": math.inf}, "half"),
        ({"weight": -1.0}, "weight"),
        ({"select": ()}, "select: choose"),
        ({"select": ("",)}, "select: ''"),
        ({"select": ("F --fix",)}, "select: 'F --fix'"),
        ({"select": ("F,ALL",)}, "select: 'F,ALL'"),
        ({"select": ("ZZZ9",)}, "select: ruff refuses it"),
    ],
    ids=str,
)
def test_nonsense_is_refused(numbers: dict[str, Any], message: str) -> None:
    """A number, or a rule that ruff does not know, is named when the policy is made."""
    with pytest.raises(ComponentError, match=message):
        CodeHealth(**numbers)
