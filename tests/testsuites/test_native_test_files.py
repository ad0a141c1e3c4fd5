"""A suite that is one file of tests in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from testsuites import ScriptSuite, ScriptTest, SuiteInvalid
from testsuites.native_folder import read_suite, write_suite

FILE = "import bank\n\n\ndef test_opens():\n    assert bank.Account(3).balance == 3\n"


def _folder(folder: Path, head: str, **files: str) -> Path:
    (folder / "tests").mkdir()
    (folder / "suite.toml").write_text(f'kind = "script"\n{head}')
    for name, text in files.items():
        (folder / "tests" / f"{name}.py").write_text(text)
    return folder


def test_one_file_of_tests_is_a_suite(tmp_path: Path) -> None:
    """Its text is the setup, each test function a test, and what it takes from the solution the names."""
    suite = read_suite(_folder(tmp_path, 'module = "bank"\n', anything=FILE), "s")
    assert suite == ScriptSuite(
        id="s",
        names=("Account",),
        tests=(ScriptTest(code="__run_test__('test_opens')", name="test_opens"),),
        setup=FILE,
        module="bank",
    )


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    """As JSON, in which the file's text is the setup."""
    suite = read_suite(_folder(tmp_path, 'module = "bank"\n', anything=FILE), "s")
    write_suite(tmp_path / "out", suite)
    assert read_suite(tmp_path / "out", "s") == suite


def test_names_make_a_piece_of_test_code_of_it(tmp_path: Path) -> None:
    """With names a file is a test of its own, as it always was."""
    suite = read_suite(_folder(tmp_path, 'names = ["f"]\n', test_one="assert f(1)"), "s")
    assert isinstance(suite, ScriptSuite)
    assert (suite.tests, suite.module) == ((ScriptTest(code="assert f(1)", name="test_one"),), "")


@pytest.mark.parametrize(
    ("head", "files", "message"),
    [
        ("", {"a": FILE}, "/tests/a.py: imports nothing from solution"),
        (
            'module = "bank"\n',
            {"a": FILE, "b": FILE},
            "/tests: without names, keep one file of tests there and no other",
        ),
        ('module = "bank"\n', {"a": "import bank\ns3cret ="}, "/tests/a.py: not valid Python"),
        ('module = "bank"\n', {"a": "import bank\nbank.f"}, "/tests/a.py: holds no test"),
        (
            'module = "a.b"\nnames = ["f"]\n',
            {"a": "f(1)"},
            "/suite.toml: module: must be the name by which the tests import the solution",
        ),
    ],
)
def test_a_fault_is_named(tmp_path: Path, head: str, files: dict[str, str], message: str) -> None:
    """With the file, and nothing of what is in it."""
    with pytest.raises(SuiteInvalid) as caught:
        read_suite(_folder(tmp_path, head, **files), "s")
    assert str(caught.value) == f"{tmp_path}{message}"


def test_the_digest_of_a_suite_without_a_module_is_what_it_was() -> None:
    """A field that was added later is left out where it is empty."""
    suite = ScriptSuite(id="s", names=("f",), tests=(ScriptTest(code="assert f(1) == 2"),))
    assert suite.digest == "sha256:24aa89f23f1b4fefcd066a7ddde417f4317831bddf26e8beb087e9959198ca4f"
    assert ScriptSuite(id="s", names=("f",), tests=suite.tests, module="m").digest != suite.digest
