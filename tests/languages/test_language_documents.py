"""docs/languages.md says what the languages' files say, and its example works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sandbox import languages
from sandbox.doctor_languages import examine_languages
from tests.languages.needs import need

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "languages.md").read_text()

MEMORY = {"address_space": "address space", "data": "private memory", "resident": "its own heap limit"}


def rows() -> dict[str, list[str]]:
    """Return the cells of the table of languages, by name."""
    table = PAGE.partition("## Languages")[2].partition("\n\n|")[2].partition("\n\n")[0]
    lines = [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines()[2:]]
    return {cells[0].strip("`"): cells[1:] for cells in lines}


def test_every_language_has_its_row() -> None:
    """With its tags, its packages, and how it is bounded."""
    assert set(rows()) == set(languages.known())
    for name, (tags, built, _, layers, memory) in rows().items():
        each = languages.language(name)
        assert re.findall(r"`([^`]+)`", tags) == list(each.tags)
        if each.run is not None and each.probe is not None:
            assert set(each.probe.install.split()) <= set(re.findall(r"`([^`]+)`", built))
            assert ("chroot" in layers) == (each.run.closes == "at_exec")
            assert memory == MEMORY[each.run.memory]


def test_the_example_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a file of a user's own."""
    need("cpp")
    example = PAGE.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / f"{tomllib.loads(example)['name']}.toml").write_text(example)
    monkeypatch.setenv(languages.FOLDER, str(tmp_path))
    (found,) = examine_languages(["c++17"])
    assert found.ok, found
