"""The doctor's languages: each is really built and run, and one that does not work says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import UnsupportedLanguage, languages
from sandbox.doctor_languages import LanguageFound, examine_languages
from sandbox.languages import Language
from sandbox.languages.presence import absent


def mine(folder: Path, name: str, **changes: str) -> None:
    """Write a language of a user's own: Bash by another name, with parts of its file changed."""
    text = (Path(languages.__file__).parent / "bash.toml").read_text()
    text = text.replace('name = "bash"', f'name = "{name}"').replace('["bash", "sh", "shell"]', f'["{name}"]')
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (folder / f"{name}.toml").write_text(text)


def found_of(name: str) -> LanguageFound:
    """Try one language."""
    (found,) = examine_languages([name])
    return found


def here(language: Language) -> bool:
    """Whether all its commands are."""
    return not absent(language)


def test_every_language_that_is_here_works() -> None:
    """With its version, and the layers that its program ran under; none is required."""
    found = {each.name: each for each in examine_languages()}
    assert set(found) == set(languages.known())
    for name, each in found.items():
        assert each.ok == here(languages.language(name)), each
        assert (each.detail == "") == each.ok
        assert bool(each.version) == bool(each.layers) == each.ok
        assert not each.required
    assert "chroot" not in found["bash"].layers  # it opens files by their names


def test_those_that_are_named_are_required() -> None:
    """No other is tried; a tag is as good as a name."""
    found = examine_languages(["py3", "sh"])
    assert [(each.name, each.required, each.ok) for each in found] == [("python", True, True), ("bash", True, True)]


def test_a_language_that_nobody_knows_is_an_error() -> None:
    """It names those that there are."""
    with pytest.raises(UnsupportedLanguage, match=r"no language is called 'cobol'; there are .*python"):
        examine_languages(["cobol"])


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({'["bash", "--version"]': '["no-bash", "--version"]'}, "no-bash is missing; on Debian install bash"),
        ({"echo $((number * 2))": "echo 41"}, "its program does not run: finished, 41"),
        ({"echo $((number * 2))": "echo no >&2; exit 1"}, "its program does not run: crashed, no"),
        ({"echo $((number * 2))": "exit 1"}, "its program does not run: crashed, without a word"),
        ({"echo $((number * 2))": "if then"}, "its program is not built: "),
        ({"read -r number\necho $((number * 2))\n": ""}, "not tried: its file has no program `hello`"),
    ],
)
def test_what_does_not_work_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: dict[str, str], detail: str
) -> None:
    """A language of a user's own, with one thing wrong."""
    mine(tmp_path, "mine", **changes)
    monkeypatch.setenv(languages.FOLDER, str(tmp_path))
    found = found_of("mine")
    assert not found.ok
    assert found.detail.startswith(detail)


def test_a_language_that_cannot_have_a_required_layer_says_so() -> None:
    """What opens files by their names keeps its root."""
    (bash,) = examine_languages(["bash"], require=("floor", "chroot"))
    assert not bash.ok
    assert "chroot" in bash.detail
