"""testsuites.native: one suite in one folder."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from testsuites.errors import SuiteInvalid
from testsuites.model import AnySuite, CallSuite, CallTest, Comparator, ScriptSuite, StdioSuite, StdioTest, SuiteLimits
from testsuites.native_folder import read_suite, write_suite
from verifier.fuzzing.strategies import json_values, suites

ECHO = StdioSuite(id="echo", tests=(StdioTest(stdin="SECRET", stdout="SECRET"),))


def _toml(folder: Path, text: str) -> AnySuite:
    (folder / "suite.toml").write_text(text, encoding="utf-8")
    return read_suite(folder, "s")


def _file(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


@given(suites())
@example(CallSuite(id="a/b", entry_point="f", tests=(CallTest(args=(), expected="\ud83d\ude00"),)))
def test_a_suite_that_was_written_is_read_as_it_was(suite: AnySuite) -> None:
    """Reading what was written gives a suite of the same digest: same tests, same types, whatever the values."""
    with tempfile.TemporaryDirectory() as folder:
        write_suite(Path(folder), suite)
        again = read_suite(Path(folder), suite.id)
    assert again.digest == suite.digest
    assert type(again) is type(suite)


def test_reading_gives_an_equal_suite(tmp_path: Path) -> None:
    """Where values equal themselves, the suite read equals the suite written."""
    suite = CallSuite(
        id="s",
        entry_point="f",
        fresh=True,
        limits=SuiteLimits(cpu_seconds=2),
        comparator=Comparator(absolute=0.5),
        tests=(
            CallTest(args=([1], {2: (3,)}), kwargs={"k": None}, expected=None, also_accepted=([], 1)),
            CallTest(args=([1],), expected={1, 2}, read_back=0, name="two", weight=2, group="g"),
        ),
    )
    write_suite(tmp_path / "s", suite)
    assert read_suite(tmp_path / "s", "s") == suite


def test_json_is_plain_where_json_can_say_it(tmp_path: Path) -> None:
    """Values that JSON keeps are written as they are, others as literal text."""
    tests = (CallTest(args=([1, {"a": None}],), expected=(1, 2)), CallTest(args=((1,),), expected=None))
    write_suite(tmp_path, CallSuite(id="s", entry_point="f", tests=tests))
    assert json.loads((tmp_path / "suite.json").read_text()) == {
        "kind": "call",
        "language": "python",
        "entry_point": "f",
        "tests": [
            {"args": [[1, {"a": None}]], "expected_literal": "(1, 2)"},
            {"args_literal": "[(1,)]", "expected": None},
        ],
    }


def test_a_stdio_suite_by_hand(tmp_path: Path) -> None:
    """Tests in the file come first, then those of the files beside it, by name; line ends are kept."""
    _file(tmp_path, "tests/b.in", b"2\r\n")
    _file(tmp_path, "tests/b.ans", b"4\r\n")
    _file(tmp_path, "tests/a.in", b"\xef\xbb\xbf1")
    _file(tmp_path, "tests/a.ans", b"")
    suite = _toml(
        tmp_path,
        """
        kind = "stdio"
        [limits]
        cpu_seconds = 2
        [comparator]
        name = "lines"
        [[tests]]
        stdin = "3"
        stdout = "9"
        weight = 2
        group = "g"
        """,
    )
    assert suite == StdioSuite(
        id="s",
        limits=SuiteLimits(cpu_seconds=2.0),
        comparator=Comparator(name="lines"),
        tests=(
            StdioTest(stdin="3", stdout="9", weight=2.0, group="g"),
            StdioTest(stdin="\ufeff1", stdout="", name="a"),
            StdioTest(stdin="2\r\n", stdout="4\r\n", name="b"),
        ),
    )


def test_a_call_suite_by_hand(tmp_path: Path) -> None:
    """Arguments and expected values are TOML, or Python literal text."""
    suite = _toml(
        tmp_path,
        """
        kind = "call"
        entry_point = "f"
        fresh = true
        tests = [
            { args = [[1, 2]], expected = inf, name = "one" },
            { args_literal = "([1, 2], {3})", kwargs = { k = 1 }, expected_literal = "None" },
            { args = [1], expected = 1, also_accepted_literal = "(2, (3,))", read_back = 0 },
        ]
        """,
    )
    assert isinstance(suite, CallSuite)
    assert suite.fresh
    assert suite.tests == (
        CallTest(args=([1, 2],), expected=float("inf"), name="one"),
        CallTest(args=([1, 2], {3}), kwargs={"k": 1}, expected=None),
        CallTest(args=(1,), expected=1, also_accepted=(2, (3,)), read_back=0),
    )


def test_a_script_suite_by_hand(tmp_path: Path) -> None:
    """Test code stands in the file or in files of its own."""
    _file(tmp_path, "tests/more.py", b"assert f(2) == 4\n")
    suite = _toml(
        tmp_path, 'kind = "script"\nnames = ["f"]\nsetup = "import math"\n[[tests]]\ncode = "assert f(1) == 1"'
    )
    assert isinstance(suite, ScriptSuite)
    assert [(test.name, test.code) for test in suite.tests] == [
        ("", "assert f(1) == 1"),
        ("more", "assert f(2) == 4\n"),
    ]


CALL = 'kind = "call"\nentry_point = "f"\n'
STDIO = 'kind = "stdio"\n'
TEST = '[[tests]]\nstdin = ""\nstdout = ""\n'
HALF = "holds half of a surrogate pair, which no program can be given"
DEEP_OR_LONG = "nested too deeply, or a number has more than 4,300 digits"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "kind: expected one of stdio, call, script"),
        ('kind = "SECRET"', "kind: expected one of stdio, call, script"),
        ("kind = \n", "not valid TOML (at line 1, column 8)"),
        (STDIO + '"SECRET" = 1\n"SECRET" = 2\n[a]', "not valid TOML (at line 3, column 13)"),
        (STDIO, "tests: there are none; a suite needs at least one"),
        (STDIO + "tests = 3", "tests: expected a list, got an integer"),
        (STDIO + "test = []", "unknown field `test`"),
        (STDIO + f"{'x' * 999} = 1", "unknown field"),
        (STDIO + '[limits]\n"a - at `b`\\u001b[2J" = 1', "limits: unknown field"),
        (STDIO + "a." * 32 + "a = 1", "a key has more than 32 parts"),
        (STDIO + "[ a" + " . \"a b\" .\t'c'" * 16 + "]", "a key has more than 32 parts"),
        (STDIO + '[[tests]]\nstdin = "SECRET"', "tests[0]: missing field `stdout`"),
        (STDIO + '[[tests]]\nstdin = 1\nstdout = "SECRET"', "tests[0].stdin: expected a string, got an integer"),
        (STDIO + TEST + "weight = 0", "tests[0].weight: must be positive, and at most 1e+300"),
        (STDIO + TEST + "weight = 1.1e300", "tests[0].weight: must be positive, and at most 1e+300"),
        (STDIO + TEST + "weight = nan", "tests[0].weight: must be positive, and at most 1e+300"),
        (STDIO + "[limits]\ncpu_seconds = -1\n" + TEST, "limits.cpu_seconds: must be from 0.01 to 3600"),
        (STDIO + "[limits]\ncpu = 1", "limits: unknown field `cpu`"),
        (STDIO + '[comparator]\nname = "SECRET"', "comparator.name: not one of the known values"),
        (
            STDIO + '[comparator]\nname = "values"\n' + TEST,
            "comparator.name: values compares what functions return; a program's output is a text",
        ),
        ('kind = "call"', "missing field `entry_point`"),
        (CALL.replace('"f"', '"f("'), "tests: there are none; a suite needs at least one"),
        (
            CALL.replace('"f"', '"f("') + "tests = [{args = [], expected = 1}]",
            "entry_point: must be the name of a function",
        ),
        (CALL + "tests = [{args = []}]", "tests[0]: needs expected or expected_literal (None is written as a literal)"),
        (CALL + "tests = [{expected = 1}]", "tests[0]: needs args or args_literal"),
        (CALL + 'tests = [{args = 1, expected = "SECRET"}]', "tests[0].args: expected a list, got an integer"),
        (
            CALL + 'tests = [{args = [], args_literal = "()", expected = 1}]',
            "tests[0]: give args or args_literal, not both",
        ),
        (CALL + 'tests = [{args_literal = "SECRET", expected = 1}]', "tests[0].args_literal: not a Python literal"),
        (CALL + 'tests = [{args_literal = "1", expected = 1}]', "tests[0].args_literal: expected a tuple or a list"),
        (
            CALL + 'tests = [{args = [], kwargs_literal = "{1: 2}", expected = 1}]',
            "tests[0].kwargs_literal: keys must be strings",
        ),
        (
            CALL + "tests = [{args = [2020-01-01], expected = 1}]",
            "tests[0].args: values of type date are not plain data",
        ),
        (
            CALL + "tests = [{args = [1], expected = 1, read_back = 1}]",
            "tests[0].read_back: must be the index of one of the arguments",
        ),
        (
            CALL + 'tests = [{args = [], expected = 1, name = "a"}, {args = [], expected = 1, name = "a"}]',
            "tests[1].name: given to an earlier test as well",
        ),
        (
            CALL + 'comparator = {name = "tokens"}\ntests = [{args = [], expected = 1}]',
            "tests[0].expected: must be a text for comparator tokens",
        ),
        (
            'kind = "script"\nnames = []\n[[tests]]\ncode = ""',
            "names: must list the names that the tests take from the solution",
        ),
        (CALL + "tests = [{args = [" + "[" * 5000 + "]" * 5000 + "], expected = 1}]", DEEP_OR_LONG),
        (
            CALL + "tests = [{args = [" + "[" * 90 + "]" * 90 + "], expected = 1}]",
            "tests[0].args: nested deeper than 64 levels",
        ),
        (CALL + f"tests = [{{args = [{'9' * 5000}], expected = 1}}]", DEEP_OR_LONG),
    ],
)
def test_a_fault_is_named_and_nothing_hidden_is_shown(tmp_path: Path, text: str, message: str) -> None:
    """Each fault is told with the file, the field and what was expected, never with a value."""
    with pytest.raises(SuiteInvalid) as caught:
        _toml(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'suite.toml'}: {message}"
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON (line 1, column 2)"),
        ("[]", "kind: expected one of stdio, call, script"),
        ("[" * 100_000, "not usable JSON: nested too deeply"),
        (f'{{"kind": {"9" * 5000}}}', "not usable JSON: a number has more than 4,300 digits"),
        ('{"kind": "stdio", "\\ud800": 1}', HALF),
        ('{"kind": "stdio", "comparator": {"name": "\\udfff"}}', HALF),
    ],
)
def test_broken_json_is_located(tmp_path: Path, text: str, message: str) -> None:
    """A fault in `suite.json` is told with its position and without the text."""
    (tmp_path / "suite.json").write_text(text)
    with pytest.raises(SuiteInvalid) as caught:
        read_suite(tmp_path, "s")
    assert str(caught.value) == f"{tmp_path / 'suite.json'}: {message}"


def test_long_keys_are_looked_for_outside_texts(tmp_path: Path) -> None:
    """What has as many dots in a string of any kind, or in a comment, is no key."""
    dots = ".".join("a" * 40)
    rows = [f'"{dots}\\"{dots}"', f"'{dots}'", f"'''{dots}' ''{dots}'''", f'"""{dots}\\"""{dots} ""{dots}"""""']
    tests = "".join(f"[[tests]] # {dots}\nstdin = {row}\nstdout = {row}\n" for row in rows)
    suite = _toml(tmp_path, STDIO + tests)
    assert [test.stdin.count(".") for test in suite.tests if isinstance(test, StdioTest)] == [78, 39, 78, 117]


@pytest.mark.parametrize("name", ["suite.toml", "suite.json"])
@given(data=st.binary() | st.text('kindstoca"=[]{}:,tests12\n').map(str.encode))
def test_any_bytes_are_a_suite_or_a_stated_fault(name: str, data: bytes) -> None:
    """No suite file leads to anything but a suite or a SuiteInvalid that names the file."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        message = None
        try:
            suite = read_suite(Path(folder), "s")
        except SuiteInvalid as error:
            message = str(error)
        assert suite.tests if message is None else message.startswith(str(Path(folder) / name))


fields = [
    "kind", "language", "limits", "comparator", "tests", "entry_point", "fresh", "names", "setup", "args",
    "args_literal", "kwargs", "kwargs_literal", "expected", "expected_literal", "also_accepted",
    "also_accepted_literal", "stdin", "stdout", "code", "name", "weight", "group", "read_back", "absolute",
]  # fmt: skip
objects = st.dictionaries(st.sampled_from(fields), json_values(), max_size=6)


@given(
    kind=st.sampled_from(["stdio", "call", "script"]),
    head=objects,
    rows=st.lists(objects, max_size=3),
)
def test_any_document_is_a_suite_or_a_stated_fault(kind: str, head: dict[str, Any], rows: list[Any]) -> None:
    """Whatever the fields hold, the document is a suite or a SuiteInvalid."""
    document = {"entry_point": "f"} if kind == "call" else {"names": ["f"]} if kind == "script" else {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "suite.json").write_text(json.dumps(document | {"tests": rows} | head | {"kind": kind}))
        try:
            suite = read_suite(Path(folder), "s")
        except SuiteInvalid:
            return
        assert suite.tests


@pytest.mark.parametrize(("lone", "twin"), [("a.in", "a.ans"), ("a.ans", "a.in")])
def test_an_input_without_its_answer_is_named(tmp_path: Path, lone: str, twin: str) -> None:
    """A file that lacks its twin is a fault that names both."""
    _file(tmp_path, f"tests/{lone}", b"1")
    with pytest.raises(SuiteInvalid, match=rf"{lone}: there is no {twin} beside it"):
        _toml(tmp_path, 'kind = "stdio"')


def test_a_test_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a fault that names the file and the byte."""
    _file(tmp_path, "tests/a.in", b"1\xff")
    _file(tmp_path, "tests/a.ans", b"1")
    with pytest.raises(SuiteInvalid, match=r"a\.in: not valid UTF-8 text at byte 1$"):
        _toml(tmp_path, 'kind = "stdio"')


def test_a_file_and_an_inline_test_of_one_name_are_refused(tmp_path: Path) -> None:
    """Names are unique across the file and the files beside it."""
    _file(tmp_path, "tests/a.py", b"f()")
    with pytest.raises(SuiteInvalid, match=r"tests\[1\]\.name: given to an earlier test as well"):
        _toml(tmp_path, 'kind = "script"\nnames = ["f"]\n[[tests]]\ncode = "f()"\nname = "a"')


def test_two_spellings_in_one_folder_are_refused(tmp_path: Path) -> None:
    """Nothing tells which of two suite files is meant."""
    write_suite(tmp_path, ECHO)
    with pytest.raises(SuiteInvalid, match=r"holds both of suite\.toml and suite\.json; keep exactly one"):
        _toml(tmp_path, 'kind = "stdio"')


@pytest.mark.parametrize("name", ["suite.toml", "tests/a.in", "tests/a.py"])
def test_writing_leaves_a_suite_written_by_hand_alone(tmp_path: Path, name: str) -> None:
    """A folder with a hand-written suite, or with test files that would be added, is not written to."""
    _file(tmp_path, name, b"by hand")
    with pytest.raises(SuiteInvalid, match="holds a suite written by hand"):
        write_suite(tmp_path, ECHO)
    assert not (tmp_path / "suite.json").exists()


def test_writing_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    """A second write gives the second suite; no temporary file stays."""
    write_suite(tmp_path, ECHO, reference="print(input())", problem="Echo.")
    other = StdioSuite(id="echo", tests=(StdioTest(stdin="1", stdout="1"),))
    write_suite(tmp_path, other)
    assert read_suite(tmp_path, "echo") == other
    assert sorted(path.name for path in tmp_path.iterdir()) == ["problem.md", "reference.py", "suite.json"]
    assert (tmp_path / "reference.py").read_text() == "print(input())"


@pytest.mark.parametrize(
    "suite",
    [
        StdioSuite(id="s", tests=()),
        StdioSuite(id="s", tests=(StdioTest(stdin="\ud800", stdout=""),)),
        CallSuite(id="s", entry_point="f", tests=(CallTest(args=(range(3),), expected=1),)),
        CallSuite(id="s", entry_point="lambda", tests=(CallTest(args=(), expected=1),)),
    ],
)
def test_what_cannot_be_read_back_is_not_written(tmp_path: Path, suite: AnySuite) -> None:
    """A suite that breaks a rule, or whose values have no text, is refused before anything is written."""
    with pytest.raises(SuiteInvalid, match=r"^s: "):
        write_suite(tmp_path / "new", suite)
    assert not (tmp_path / "new").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Failure of the file system is a SuiteInvalid that names the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SuiteInvalid, match=r"file/s: cannot be written: "):
        write_suite(tmp_path / "file" / "s", ECHO)
