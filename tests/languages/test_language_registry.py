"""Languages are data: what their files must say, where they are looked for, and what is said of wrong ones."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import languages
from sandbox.errors import LanguageInvalid, UnsupportedLanguage
from sandbox.languages.language import read_language
from sandbox.languages.presence import absent, fingerprint

OWN = Path(languages.__file__).parent
GOOD = """
name = "pascal"
display = "Pascal"
tags = ["pascal", "pas"]
source = "solution.pas"
hello = "begin end."

[probe]
command = ["fpc", "-h"]
install = "fpc"

[build]
command = ["fpc", "-o{artefact}", "{source}"]
artefact = "solution"

[run]
command = ["{artefact}"]
closes = "at_exec"
memory = "address_space"
"""


def test_nine_languages_are_known() -> None:
    """Their files are read, and each is named as its file is."""
    assert set(languages.known()) == {
        *("bash", "c", "cpp", "go", "java", "javascript", "python", "rust", "typescript"),
    }


def test_no_word_calls_two_languages() -> None:
    """A fence names one language."""
    words = [tag for each in languages.known().values() for tag in each.tags]
    assert len(words) == len(set(words))


WRONG = {
    'name = "pascal"': ('name = "Pascal!"', r"\$\.name"),
    'tags = ["pascal", "pas"]': ("tags = []", "tags"),
    'source = "solution.pas"': ('source = "../solution.pas"', r"\$\.source"),
    'display = "Pascal"\n': ("", "display"),
    'install = "fpc"': ("install = 3", r"\$\.probe\.install"),
    'command = ["fpc", "-o{artefact}", "{source}"]': ('command = ["fpc", "{soruce}"]', r"build\.command.*soruce"),
    'artefact = "solution"\n': ("", r"run\.closes"),
    'closes = "at_exec"': ('closes = "soon"', r"\$\.run\.closes"),
    'memory = "address_space"': ('memory = "data"\nreads = ["/usr"]', r"run\.closes"),
    "[build]": ("[bulid]", "bulid"),
    '[probe]\ncommand = ["fpc", "-h"]\ninstall = "fpc"\n': ("", "probe"),
    'hello = "begin end."': ('hello = "begin end."\nsource_named_by = "("', "source_named_by"),
}


@pytest.mark.parametrize("right", WRONG)
def test_a_wrong_file_names_file_and_field(right: str) -> None:
    """Whoever wrote it knows where to look."""
    wrong, words = WRONG[right]
    assert right in GOOD
    assert read_language(GOOD, "pascal.toml").name == "pascal"
    with pytest.raises(LanguageInvalid, match=rf"^pascal\.toml: .*{words}"):
        read_language(GOOD.replace(right, wrong), "pascal.toml")


@given(st.text() | st.builds(GOOD.replace, st.sampled_from(GOOD.splitlines()), st.text(max_size=40)))
def test_any_text_is_a_language_or_is_refused(text: str) -> None:
    """Nothing but the one error comes of it."""
    error = None
    try:
        assert read_language(text, "x.toml").tags
    except LanguageInvalid as raised:
        error = raised
    assert error is None or str(error).startswith("x.toml: ")


@given(st.text())
def test_any_program_has_a_name_that_a_file_can_have(source: str) -> None:
    """A class may be called anything; the file's name stays in the folder, and is short."""
    java = languages.language("java")
    for text in (source, f"public class {source}", f"public final class {source} {{"):
        name = java.source_of(text)
        assert Path(name).name == name
        assert name not in {".", ".."}
        assert len(os.fsencode(name.encode("utf-8", "replace"))) <= 255
        assert "\0" not in name


def test_the_name_of_a_file_follows_the_public_class() -> None:
    """As the compiler wants it; the name of another class does not matter, nor does one that is too long."""
    java = languages.language("java")
    assert java.source_of("import java.util.*;\npublic final class Sum {}") == "Sum.java"
    assert java.source_of("class Other {}") == "Main.java"
    assert java.source_of(f"public class {'A' * 300} {{}}") == "Main.java"


def test_a_folder_of_the_users_adds_and_replaces(tmp_path: Path) -> None:
    """One file is a language more; one with the name of a language that is here takes its place."""
    (tmp_path / "pascal.toml").write_text(GOOD)
    (tmp_path / "c.toml").write_text((OWN / "c.toml").read_text().replace('display = "C"', 'display = "Our C"'))
    with mock.patch.dict(os.environ, {languages.FOLDER: str(tmp_path)}):
        assert languages.language("pas").display == "Pascal"
        assert languages.language("c").display == "Our C"
        assert languages.language("python").display == "Python"
    assert languages.language("c").display == "C"


def test_a_folder_without_languages_is_refused(tmp_path: Path) -> None:
    """A setting that does nothing is a mistake."""
    (tmp_path / "other.toml").write_text(GOOD)
    for folder, words in ((tmp_path / "gone", "no .toml file"), (tmp_path, "name: must be that of the file")):
        with mock.patch.dict(os.environ, {languages.FOLDER: str(folder)}), pytest.raises(LanguageInvalid, match=words):
            languages.known()


def test_a_tag_of_another_language_is_refused(tmp_path: Path) -> None:
    """Nobody could tell which one a fence means."""
    (tmp_path / "pascal.toml").write_text(GOOD.replace('"pas"', '"rs"'))
    with (
        mock.patch.dict(os.environ, {languages.FOLDER: str(tmp_path)}),
        pytest.raises(LanguageInvalid, match=r"'rs' is .*tag of (pascal|rust)"),
    ):
        languages.language("python")


def test_an_unknown_language_is_refused_with_the_names_of_the_known() -> None:
    """The message is enough to choose another."""
    with pytest.raises(UnsupportedLanguage, match=r"'cobol'.*bash, c, cpp"):
        languages.language("cobol")


def test_a_command_that_is_missing_is_named() -> None:
    """Python needs none; what is not here has no fingerprint."""
    pascal = read_language(GOOD.replace("fpc", "no-such-compiler"), "pascal.toml")
    assert absent(pascal) == "no-such-compiler"
    assert fingerprint(pascal) == ()
    assert absent(languages.language("python")) == ""
