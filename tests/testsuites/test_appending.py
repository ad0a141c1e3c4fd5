"""testsuites.appending: tests added to a suite in the format that its author chose."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testsuites import CallSuite, CallTest, ScriptTest, StdioTest, SuiteInvalid
from testsuites.appending import append_tests, copy_suite, remove_halves, with_tests
from testsuites.model import AnySuite
from testsuites.native_folder import read_suite, write_suite
from verifier.fuzzing.strategies import call_tests

CALL = """\
# Doubles.   The comment stays.
kind = "call"
entry_point = "f"      # and this one

[[tests]]
args = [
    1,  # one
]
expected = 2"""
ARRAY = """\
kind = "call"
entry_point = "f"
tests = [
    { args = [1], expected = 2 },  # one
]

[limits]
memory_mb = 64
"""
STDIO = 'kind = "stdio"\n[[tests]]\nstdin = "1"\nstdout = "2"\n'
SCRIPT = 'kind = "script"\nnames = ["f"]\n[[tests]]\ncode = "assert f(1) == 2"\n'
NEW_CALL = CallTest(args=([3, "x"], None), kwargs={"k": 1}, expected=(6,), name="gap-1")
NEW_STDIO = StdioTest(stdin="3\r\n", stdout="6\n", name="gap-1")
NEW_SCRIPT = ScriptTest(code="assert f(3) == 6\n", name="gap-1")


def _toml(folder: Path, text: str) -> AnySuite:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "suite.toml").write_text(text)
    return read_suite(folder, "s")


@pytest.mark.parametrize("text", [CALL, ARRAY, CALL + "\n\n\n", ARRAY.rstrip("\n")])
def test_a_file_written_by_hand_keeps_its_comments_and_layout(tmp_path: Path, text: str) -> None:
    """The new tests stand at the end of the tests; every old line is there, in order."""
    suite = _toml(tmp_path, text)
    plain = CallTest(args=(-4,), expected=-8, name="gap-2")
    again = append_tests(tmp_path, suite, [NEW_CALL, plain])
    assert again.tests == (*suite.tests, NEW_CALL, plain)
    lines = iter((tmp_path / "suite.toml").read_text().splitlines())
    assert all(line in lines for line in text.splitlines())
    assert "args = [-4]" in (tmp_path / "suite.toml").read_text()


@given(st.lists(call_tests(), min_size=1, max_size=3), st.sampled_from([CALL, ARRAY]))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_any_values_can_be_added(tests: list[CallTest], text: str) -> None:
    """What TOML cannot say is written as literal text; what cannot be written at all changes nothing."""
    added = [
        CallTest(args=test.args, kwargs=test.kwargs, expected=test.expected, name=f"gap-{number}")
        for number, test in enumerate(tests)
    ]
    with tempfile.TemporaryDirectory() as place:
        suite = _toml(Path(place), text)
        try:
            again = append_tests(Path(place), suite, added)
        except SuiteInvalid:
            assert (Path(place) / "suite.toml").read_text() == text
        else:
            assert again.digest == with_tests(suite, added).digest


@pytest.mark.parametrize(
    ("text", "test", "files"),
    [
        (STDIO, NEW_STDIO, {"gap-1.in": "3\r\n", "gap-1.ans": "6\n"}),
        (SCRIPT, NEW_SCRIPT, {"gap-1.py": "assert f(3) == 6\n"}),
    ],
)
def test_texts_become_files_of_their_own(
    tmp_path: Path, text: str, test: StdioTest | ScriptTest, files: dict[str, str]
) -> None:
    """`suite.toml` is left alone; line ends are kept."""
    suite = _toml(tmp_path, text)
    assert append_tests(tmp_path, suite, [test]).tests == (*suite.tests, test)
    assert {path.name: path.read_bytes().decode() for path in (tmp_path / "tests").iterdir()} == files
    assert (tmp_path / "suite.toml").read_text() == text


@pytest.mark.parametrize(
    ("text", "test"), [(CALL, NEW_CALL), (STDIO, NEW_STDIO), (SCRIPT, NEW_SCRIPT)], ids=["call", "stdio", "script"]
)
def test_a_file_written_by_a_machine_is_written_anew(
    tmp_path: Path, text: str, test: CallTest | StdioTest | ScriptTest
) -> None:
    """`suite.json` holds the new test after the old ones; no other file appears."""
    suite = _toml(tmp_path / "toml", text)
    write_suite(tmp_path / "json", suite)
    assert append_tests(tmp_path / "json", suite, [test]) == with_tests(suite, [test])
    assert [path.name for path in (tmp_path / "json").iterdir()] == ["suite.json"]


def test_old_tests_keep_weight_and_group(tmp_path: Path) -> None:
    """A new one weighs 1 and has no group."""
    suite = _toml(tmp_path, f'{CALL}\nweight = 5\ngroup = "g"\n')
    again = append_tests(tmp_path, suite, [NEW_CALL])
    assert [(test.weight, test.group) for test in again.tests] == [(5.0, "g"), (1.0, None)]


def test_a_suite_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """Somebody else's work is not lost."""
    suite = _toml(tmp_path, CALL)
    changed = CALL.replace("expected = 2", "expected = 3")
    _toml(tmp_path, changed)
    with pytest.raises(SuiteInvalid, match="was changed meanwhile"):
        append_tests(tmp_path, suite, [NEW_CALL])
    assert (tmp_path / "suite.toml").read_text() == changed


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    """A name that is taken is an error, and nothing is written."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "gap-1.py").write_text("assert f(0) == 0\n")
    suite = _toml(tmp_path, SCRIPT)
    with pytest.raises(SuiteInvalid, match="is there already"):
        append_tests(tmp_path, suite, [NEW_SCRIPT])
    assert read_suite(tmp_path, "s") == suite


def test_half_a_pair_is_removed(tmp_path: Path) -> None:
    """What an interrupted run left; whole pairs, and tests of other names, stay."""
    suite = append_tests(tmp_path, _toml(tmp_path, STDIO), [NEW_STDIO])
    (tmp_path / "tests" / "gap-2.ans").write_text("7\n")
    with pytest.raises(SuiteInvalid, match="gap-2"):
        read_suite(tmp_path, "s")
    remove_halves(tmp_path, "gap-")
    assert read_suite(tmp_path, "s") == suite


def test_a_copy_has_what_is_beside_the_suite(tmp_path: Path) -> None:
    """Statement, reference, submissions and test files; not the record, which is for the suite as it was."""
    source, there = tmp_path / "in" / "s", tmp_path / "out" / "deep" / "s"
    suite = _toml(source, SCRIPT)
    for name in ("problem.md", "reference.py", "calibration.json", "submissions/accepted/a.py"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(f"# {name}\n")
    for _ in range(2):  # the second replaces the first
        assert copy_suite(source, there, suite, [NEW_SCRIPT]) == with_tests(suite, [NEW_SCRIPT])
    kept = {str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()}
    assert kept == {"suite.toml", "problem.md", "reference.py", "submissions/accepted/a.py", "tests/gap-1.py"}
    assert [path.name for path in there.parent.iterdir()] == ["s"]
    assert read_suite(source, "s") == suite


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """What was there stays as it was."""
    source, there = tmp_path / "in", tmp_path / "out"
    suite = _toml(source, CALL)
    copy_suite(source, there, suite, [])
    other = msgspec.structs.replace(suite, tests=(*suite.tests, NEW_CALL))
    assert isinstance(other, CallSuite)
    with pytest.raises(SuiteInvalid):
        copy_suite(source, there, other, [NEW_CALL])
    assert read_suite(there, "s") == suite
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
