"""Polygon packages: what each field and file becomes, and what is refused, with its name."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.packages.making import AUTHORED, POLYGON, put, reason, record
from testsuites.importers.packages import polygon_standard
from testsuites.model import Comparator, JudgeProgram, StdioTest, SuiteLimits

CHECK = "import sys\nsys.exit(0)\n"
STANDARD = Path(polygon_standard.__file__).read_text(encoding="utf-8")


def changed(**replaced: str) -> dict[str, str]:
    """Return the smallest package with each name in its `problem.xml` replaced by a text, underscores being dashes."""
    xml = POLYGON["problem.xml"]
    for name, text in replaced.items():
        tag = re.escape(name.replace("_", "-"))
        xml = re.sub(rf"<{tag}\b[^>]*/>|<{tag}\b.*?</{tag}>", lambda _, text=text: text, xml, count=1, flags=re.DOTALL)
    return POLYGON | {"problem.xml": xml}


def test_tests_limits_and_reference(tmp_path: Path) -> None:
    """Milliseconds and bytes become seconds and MiB, tests are numbered, and samples are called so."""
    found = record("polygon", put(tmp_path / "echo", POLYGON))
    assert found.suite.id == "Polygon/echo"
    assert found.suite.limits == SuiteLimits(cpu_seconds=1.5, memory_mb=64.0)
    assert found.suite.tests == (
        StdioTest(stdin="1\n", stdout="1\n", name="sample-1"),
        StdioTest(stdin="2\n", stdout="2\n", name="test-2"),
    )
    assert found.suite.comparator == Comparator(name="words", absolute=0.0, relative=0.0)
    assert (found.reference, found.submissions, found.left_out) == (POLYGON["solutions/echo.py"], (), 0)
    assert found.problem == "# Echo\n\n## Examples\n\n1\n\n---\n1"


def test_points_are_weights_and_whole_groups_are_groups(tmp_path: Path) -> None:
    """Where a test has no points, all weigh the same; a group whose tests earn apart is none."""
    listed = '<tests><test points="2" group="a"/><test points="0.5" group="b"/></tests>'
    groups = (
        '<groups><group name="a" points-policy="complete-group"/><group name="b" points-policy="each-test"/></groups>'
    )
    tests = record("polygon", put(tmp_path / "a", changed(tests=listed + groups))).suite.tests
    assert [(test.weight, test.group) for test in tests] == [(2.0, "a"), (0.5, None)]
    listed = listed.replace('points="2"', 'points="0"')
    tests = record("polygon", put(tmp_path / "b", changed(tests=listed))).suite.tests
    assert [(test.weight, test.group) for test in tests] == [(1.0, None), (1.0, None)]


def test_one_testset_of_several_judges(tmp_path: Path) -> None:
    """The one called `tests`; others are pretests and the like."""
    files = changed()
    end = files["problem.xml"].index("</judging>")
    more = '<testset name="pretests"><time-limit>1</time-limit></testset>'
    files["problem.xml"] = files["problem.xml"][:end] + more + files["problem.xml"][end:]
    assert record("polygon", put(tmp_path / "a", files)).suite.limits.cpu_seconds == 1.5


@pytest.mark.parametrize(
    ("name", "answers", "case_sensitive"),
    [
        ("wcmp", ("a b", ""), True),
        ("ncmp", ("1 -2", "9223372036854775807"), True),
        ("ncmp", ("1 -2", "9223372036854775808"), None),
        ("ncmp", ("1", "01"), None),
        ("icmp", ("1", "-2147483648"), True),
        ("icmp", ("1", "2147483648"), None),
        ("icmp", ("1", "1 2"), None),
        ("hcmp", ("1", "9" * 60), True),
        ("yesno", ("yes", "No"), False),
        ("yesno", ("yes", "maybe"), None),
        ("nyesno", ("yes NO", ""), False),
        ("lcmp", ("a", "a"), None),
        ("rcmp6", ("1", "2"), None),
    ],
)
def test_a_standard_checker_is_a_comparator_where_that_decides_the_same(
    tmp_path: Path, name: str, answers: tuple[str, str], case_sensitive: bool | None
) -> None:
    """Else, also where the jury's own answers are not as the checker wants them, it is a program (None here)."""
    files = changed(checker=f'<checker name="std::{name}.cpp"/>') | {"tests/01.a": answers[0], "tests/02.a": answers[1]}
    suite = record("polygon", put(tmp_path / "a", files)).suite
    if case_sensitive is None:
        assert suite.checker == JudgeProgram(code=STANDARD, protocol="testlib", arguments=(name,))
    else:
        assert suite.checker is None
        comparator = Comparator(name="words", case_sensitive=case_sensitive, absolute=0.0, relative=0.0)
        assert suite.comparator == comparator


def test_programs_of_the_package_are_taken_in_python(tmp_path: Path) -> None:
    """Also where one in Python lies beside one in C++; beside an interactor the checker is a program."""
    own = '<checker type="testlib"><source path="files/check.cpp" type="cpp.g++17"/></checker>'
    files = changed(checker=own) | {"files/check.cpp": "", "files/check.py": CHECK}
    assert record("polygon", put(tmp_path / "a", files)).suite.checker == JudgeProgram(code=CHECK, protocol="testlib")
    talks = '<checker name="std::wcmp.cpp"/><interactor><source path="files/talk.py" type="python.3"/></interactor>'
    suite = record("polygon", put(tmp_path / "b", changed(checker=talks) | {"files/talk.py": CHECK})).suite
    assert suite.interactor == JudgeProgram(code=CHECK, protocol="testlib")
    assert suite.checker == JudgeProgram(code=STANDARD, protocol="testlib", arguments=("wcmp",))


def test_tags_are_labels_where_they_name_one_verdict(tmp_path: Path) -> None:
    """The main solution is the reference wherever it stands, and what cannot be used is counted."""
    tags = {
        "accepted": "accepted",
        "main": None,
        "wrong-answer": "wrong_answer",
        "presentation-error": "wrong_answer",
        "time-limit-exceeded": "time_limit_exceeded",
        "memory-limit-exceeded": "memory_limit_exceeded",
        "failed": "runtime_error",
        "rejected": None,
        "time-limit-exceeded-or-accepted": None,
        "do-not-run": None,
    }
    listed = "".join(
        f'<solution tag="{tag}"><source path="solutions/{tag}.py" type="python.3"/></solution>' for tag in tags
    )
    listed += '<solution tag="accepted"><source path="solutions/a.cpp" type="cpp.g++17"/></solution>'
    listed += '<solution tag="accepted"><source path="solutions/failed.py" type="python.2"/></solution>'
    files = changed(solutions=f"<solutions>{listed}</solutions>")
    files |= {f"solutions/{tag}.py": f"# {tag}\n" for tag in tags} | {"solutions/a.cpp": ""}
    found = record("polygon", put(tmp_path / "a", files))
    assert found.reference == "# main\n"
    assert {one.name: one.label for one in found.submissions} == {tag: label for tag, label in tags.items() if label}
    assert found.left_out == 5


def test_the_statement_is_what_the_author_wrote(tmp_path: Path) -> None:
    """Of `problem-properties.json` where it is there, else of `problem.tex`; English where there are several."""
    told = {"name": "Echo", "legend": "Print.", "notes": None, "sampleTests": [{"input": "5", "output": "6"}]}
    files = {
        "statements/russian/problem-properties.json": "{}",
        "statements/english/problem-properties.json": json.dumps(told),
        "statements/english/problem.tex": "\\begin",
    }
    assert record("polygon", put(tmp_path / "a", POLYGON | files)).problem == (
        "# Echo\n\nPrint.\n\n## Examples\n\n5\n---\n6"
    )
    tex = {"statements/english/problem.tex": "\\begin"}
    assert record("polygon", put(tmp_path / "b", POLYGON | tex)).problem == "\\begin"
    assert "which is the longest" in record("polygon", AUTHORED["polygon"] / "longest-rod").problem


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"problem.xml": "<problem>"}, "problem.xml: not valid XML (line 1)"),
        ({"problem.xml": "<problem/>"}, "problem.xml: expected a problem with its judging"),
        ({"tests/02.a": None}, "tests/02.a: there is no such file; generate the full package in Polygon"),
        ({"tests/02": b"\xff"}, "tests/02: not valid UTF-8 text at byte 0"),
        (
            {"problem.xml": POLYGON["problem.xml"].replace('input-file=""', 'input-file="in.txt"')},
            "problem.xml: judging.input-file: programs that read or write files are not run",
        ),
        (
            {"problem.xml": POLYGON["problem.xml"].replace('run-count="1"', 'run-count="2"')},
            "problem.xml: judging.run-count: solutions are run once for each test",
        ),
        (changed(test_count="<test-count>3</test-count>"), "problem.xml: judging.testset.test-count: not from 1 to"),
        (
            changed(test_count="<test-count>x</test-count>"),
            "problem.xml: judging.testset.test-count: expected an integer",
        ),
        (changed(time_limit="<time-limit>1s</time-limit>"), "problem.xml: judging.testset.time-limit: expected an"),
        (changed(memory_limit="<memory-limit>9</memory-limit>"), "Polygon/a: limits.memory_mb: must be from 16"),
        (
            changed(input_path_pattern="<input-path-pattern>tests/%s</input-path-pattern>"),
            "problem.xml: judging.testset.input-path-pattern: expected one such as tests/%02d",
        ),
        (changed(tests='<tests><test points="x"/><test/></tests>'), "tests.test.points: not a number"),
        (changed(testset="<testset/><testset/>"), "problem.xml: judging.testset: expected one, or one called tests"),
        (changed(checker=""), "problem.xml: assets.checker: missing; choose one in Polygon"),
        (changed(checker='<checker name="std::magic.cpp"/>'), "problem.xml: assets.checker.name: none of acmp, "),
        (
            changed(checker='<checker><source path="files/check.cpp"/></checker>'),
            "problem.xml: assets.checker.source: not in Python, and this release runs no other; put one in Python with "
            "the same arguments and exit codes beside it, as files/check.py",
        ),
        (
            changed(checker='<checker name="std::wcmp.cpp"/><interactor><source path="files/i.cpp"/></interactor>'),
            "problem.xml: assets.interactor.source: not in Python",
        ),
        (
            changed(
                files='<files><resources><file><assets><asset name="SOLUTION"/></assets></file></resources></files>'
            ),
            "problem.xml: files.resources: files that are put beside solutions are not served",
        ),
        ({"statements/english/problem-properties.json": "["}, "statements/english/problem-properties.json: not valid"),
    ],
)
def test_what_cannot_be_served_is_refused(tmp_path: Path, files: dict[str, str | bytes | None], message: str) -> None:
    """With the file and the field, and never with what a test holds."""
    assert message in reason("polygon", put(tmp_path / "a", POLYGON | files))
