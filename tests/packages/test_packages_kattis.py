"""Kattis packages: what each field and file becomes, and what is refused, with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages.making import AUTHORED, KATTIS, put, reason, record
from testsuites.model import Comparator, JudgeProgram, StdioTest, SuiteLimits

NEW = "problem_format_version: 2023-07-draft\nname: Echo\n"
CHECK = "import sys\nsys.exit(42)\n"
WORDS = Comparator(name="words", case_sensitive=False, absolute=0.0, relative=0.0)


def test_tests_come_samples_first_then_by_name(tmp_path: Path) -> None:
    """They are called by their paths below `data`; a folder right below `secret` is a group."""
    more = {
        "data/secret/g/h/b.in": "4\n",
        "data/secret/g/h/b.ans": "4\n",
        "data/secret/10.in": "",
        "data/secret/10.ans": "",
    }
    suite = record("kattis", put(tmp_path / "echo", KATTIS | more)).suite
    assert suite.id == "Kattis/echo"
    assert suite.tests == (
        StdioTest(stdin="1\n", stdout="1\n", name="sample/1"),
        StdioTest(stdin="", stdout="", name="secret/10"),
        StdioTest(stdin="2\n", stdout="2\n", name="secret/2"),
        StdioTest(stdin="4\n", stdout="4\n", name="secret/g/h/b", group="secret/g"),
    )
    assert (suite.comparator, suite.checker, suite.interactor) == (WORDS, None, None)
    assert suite.limits == SuiteLimits()


def test_limits_are_those_that_are_told(tmp_path: Path) -> None:
    """Seconds and MiB. Where no time is told, Kattis derives one from its own machines: it is not guessed."""
    limits = "limits: {time_limit: 2, memory: 64, output: 0.5, time_multiplier: 5, validation_time: 60}\n"
    suite = record("kattis", put(tmp_path / "a", KATTIS | {"problem.yaml": limits})).suite
    assert suite.limits == SuiteLimits(cpu_seconds=2.0, memory_mb=64.0, output_mb=0.5)


@pytest.mark.parametrize(
    ("flags", "comparator"),
    [
        ("case_sensitive", Comparator(name="words", absolute=0.0, relative=0.0)),
        ("float_tolerance 1e-4", Comparator(name="words", case_sensitive=False, absolute=1e-4, relative=1e-4)),
        (
            "space_change_sensitive float_absolute_tolerance 0.5",
            Comparator(name="words", case_sensitive=False, space_sensitive=True, absolute=0.5, relative=0.0),
        ),
        (
            "float_relative_tolerance 1e-9 float_absolute_tolerance 2",
            Comparator(name="words", case_sensitive=False, absolute=2.0, relative=1e-9),
        ),
    ],
)
def test_flags_become_a_comparator(tmp_path: Path, flags: str, comparator: Comparator) -> None:
    """Wherever they are given: in `problem.yaml`, in a group's file of either format, or in a test's."""
    listed = "[" + ", ".join(f'"{flag}"' for flag in flags.split()) + "]"
    places = [
        {"problem.yaml": f"validator_flags: {flags}\n"},
        {"data/testdata.yaml": f"output_validator_flags: {flags}\n", "data/secret/testdata.yaml": "on_reject: break\n"},
        {"problem.yaml": NEW, "data/test_group.yaml": f"output_validator_args: {listed}\n"},
        {
            "problem.yaml": NEW,
            "data/sample/1.yaml": f"output_validator_args: {listed}\nhint: none\n",
            "data/secret/test_group.yaml": f"output_validator_args: {listed}\n",
        },
    ]
    for number, place in enumerate(places):
        assert record("kattis", put(tmp_path / f"p{number}", KATTIS | place)).suite.comparator == comparator


def test_a_validator_is_a_checker_or_an_interactor(tmp_path: Path) -> None:
    """It gets the flags of the problem, then those of the tests; in the new format its folder alone makes it custom."""
    legacy = {"problem.yaml": "validation: custom\nvalidator_flags: a b\n", "output_validators/check.py": CHECK}
    flags = {"data/testdata.yaml": "output_validator_flags: c\n"}
    suite = record("kattis", put(tmp_path / "a", KATTIS | legacy | flags)).suite
    assert suite.checker == JudgeProgram(code=CHECK, protocol="kattis", arguments=("a", "b", "c"))
    talks = legacy | {"problem.yaml": "validation: custom interactive\n"}
    suite = record("kattis", put(tmp_path / "b", KATTIS | talks)).suite
    assert (suite.checker, suite.interactor) == (None, JudgeProgram(code=CHECK, protocol="kattis"))
    new = {"problem.yaml": NEW, "output_validator/check/check.py": CHECK}
    assert record("kattis", put(tmp_path / "c", KATTIS | new)).suite.checker.code == CHECK
    new["problem.yaml"] = NEW + "type: [pass-fail, interactive]\n"
    assert record("kattis", put(tmp_path / "d", KATTIS | new)).suite.interactor.code == CHECK
    unused = {"output_validators/check.py": CHECK}
    assert record("kattis", put(tmp_path / "e", KATTIS | unused)).suite.comparator == WORDS


def test_submissions_are_taken_where_they_are_one_file_of_python(tmp_path: Path) -> None:
    """The first accepted one is the reference; others are counted, and no name is lost."""
    program = KATTIS["submissions/accepted/echo.py"]
    more = {
        "submissions/accepted/zebra.py": "#!/usr/bin/env python3\n",
        "submissions/accepted/apart/main.py": program,
        "submissions/wrong_answer/x.py": "1",
        "submissions/wrong_answer/x/x.py": "2",
        "submissions/wrong_answer/old.py": "#!/usr/bin/python2\nprint 1\n",
        "submissions/run_time_error/two/a.py": "",
        "submissions/run_time_error/two/b.py": "",
        "submissions/time_limit_exceeded/fast.c": "",
        "submissions/brute_force/all.py": "",
        "submissions/README.md": "",
    }
    found = record("kattis", put(tmp_path / "a", KATTIS | more))
    assert found.reference == program
    assert {(one.label, one.name, one.text) for one in found.submissions} == {
        ("accepted", "echo", program),
        ("accepted", "zebra", "#!/usr/bin/env python3\n"),
        ("wrong_answer", "x", "2"),
        ("wrong_answer", "x-2", "1"),
    }
    assert found.left_out == 4


def test_expectations_of_their_own_leave_only_accepted_ones(tmp_path: Path) -> None:
    """Where `submissions.yaml` says what submissions must get, their folders do not."""
    more = {"submissions/wrong_answer/x.py": "1", "submissions/submissions.yaml": "accepted: {authors: A}\n"}
    assert len(record("kattis", put(tmp_path / "a", KATTIS | more)).submissions) == 1
    more["submissions/submissions.yaml"] = "wrong_answer/x.py: {permitted: [AC, TLE]}\n"
    found = record("kattis", put(tmp_path / "b", KATTIS | more))
    assert (found.submissions, found.left_out) == ((), 1)


def test_the_statement_has_name_text_and_samples(tmp_path: Path) -> None:
    """English where there are several, and what a package shows in place of a judged sample."""
    assert record("kattis", put(tmp_path / "a", KATTIS)).problem == (
        "# Echo\n\nPrint the number.\n\n## Examples\n\n1\n\n---\n1"
    )
    shown = {
        "problem.yaml": "name: {sv: Eka, en: Echoes}\nproblem_format_version: 2023-07\n",
        "problem_statement/problem.tex": None,
        "statement/problem.sv.md": "Skriv.",
        "statement/problem.en.md": "Print.",
        "data/sample/1.in.statement": "5",
        "data/sample/1.out": "6",
    }
    assert record("kattis", put(tmp_path / "b", KATTIS | shown)).problem == (
        "# Echoes\n\nPrint.\n\n## Examples\n\n5\n---\n6"
    )
    dialogue = record("kattis", AUTHORED["kattis"] / "dialsafe").problem
    assert "<right\n>6" in dialogue
    assert "7 5 3" not in dialogue


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"problem.yaml": "nmae: Echo\n"}, "problem.yaml: unknown field `nmae`"),
        ({"problem.yaml": "limits: {memory: much}\n"}, "problem.yaml: limits.memory: expected a number or null"),
        ({"problem.yaml": "limits: {memory: 1}\n"}, "Kattis/a: limits.memory_mb: must be from 16 to"),
        ({"problem.yaml": "problem_format_version: '2030-01'\n"}, "problem.yaml: problem_format_version: not one of"),
        ({"problem.yaml": "type: scoring\n"}, "problem.yaml: type: scoring: points are not given here"),
        ({"problem.yaml": NEW + "type: multi-pass\n"}, "problem.yaml: type: only pass-fail and interactive"),
        ({"problem.yaml": "type: interactive\n"}, "problem.yaml: type: only pass-fail and interactive"),
        ({"problem.yaml": NEW + "type: interactive\n"}, "problem.yaml: type: interactive, and there is no validator"),
        ({"problem.yaml": "validation: custom score\n"}, "problem.yaml: validation: only default, custom and"),
        ({"problem.yaml": "validation: custom\n"}, "problem.yaml: validation: custom, and there is no validator"),
        ({"problem.yaml": NEW + "validation: custom\n"}, "problem.yaml: validation: since 2023-07 the type and"),
        ({"problem.yaml": NEW + "validator_flags: a\n"}, "problem.yaml: validator_flags: belong into"),
        ({"problem.yaml": "grading: {objective: min}\n"}, "problem.yaml: grading: points are not given here"),
        ({"problem.yaml": NEW + "languages: [cpp]\n"}, "problem.yaml: languages: python3 is not one of them"),
        ({"problem.yaml": NEW + "allow_file_writing: true\n"}, "problem.yaml: allow_file_writing: "),
        ({"problem.yaml": NEW + "constants: {n: 3}\n"}, "problem.yaml: constants: are not put in"),
        ({"problem.yaml": "validator_flags: ignore_case\n"}, "validator_flags or output_validator_args: a flag that"),
        ({"problem.yaml": "validator_flags: float_tolerance\n"}, "float_tolerance: needs a number above 0"),
        ({"problem.yaml": "validator_flags: float_tolerance 0\n"}, "float_tolerance: needs a number above 0"),
        (
            {"problem.yaml": "validator_flags: float_tolerance 1 float_absolute_tolerance 1\n"},
            "float_absolute_tolerance: a tolerance that was given before",
        ),
        ({"data/secret/2.ans": None}, "data/secret/2.in: there is no .ans beside it"),
        ({"data/secret/2.in": None}, "data/secret/2.ans: there is no .in beside it"),
        ({"data/secret/2.in": None, "data/secret/2.ans": None}, "data/secret: there are no tests"),
        ({"data/secret/2.in": b"\xff"}, "data/secret/2.in: not valid UTF-8 text at byte 0"),
        ({"data/secret/2.files/a.txt": ""}, "data/secret/2.files/a.txt: programs that read files are not run"),
        ({"data/secret/2.yaml": "args: [a]\n"}, "data/secret/2.yaml: args: programs are run without arguments"),
        ({"data/secret/2.yaml": "argz: [a]\n"}, "data/secret/2.yaml: unknown field `argz`"),
        (
            {"data/secret/testdata.yaml": "output_validator_flags: case_sensitive\n"},
            "data/secret/2.in: its validator gets other flags than that of data/sample/1.in",
        ),
        (
            {"data/testdata.yaml": "output_validator_flags: {name: a, flags: b}\n"},
            "data/testdata.yaml: output_validator_flags: expected a string",
        ),
        ({"data/testdata.yaml": "grader_flags: always_accept\n"}, "data/testdata.yaml: grading, grader_flags: only"),
        ({"data/testdata.yaml": "grading: custom\n"}, "data/testdata.yaml: grading, grader_flags: only Kattis's own"),
        ({"data/test_group.yaml": "max_score: 30\n"}, "data/test_group.yaml: scoring, max_score, require_pass"),
        ({"data/test_group.yaml": "static_validation: true\n"}, "data/test_group.yaml: static_validation: solutions"),
        ({"data/test_group.yaml": "", "data/testdata.yaml": ""}, "data/test_group.yaml: beside testdata.yaml"),
        ({"include/python3/lib.py": ""}, "include/: solutions are judged as they are"),
        ({"static_validator/a.py": ""}, "static_validator/: solutions are judged"),
        (
            {"problem.yaml": "validation: custom\n", "output_validators/check.cpp": ""},
            "output_validators/check.cpp: not one file of Python 3; this release runs no other validators",
        ),
        (
            {"problem.yaml": "validation: custom\n", "output_validators/a.py": "", "output_validators/b.py": ""},
            "output_validators/b.py: a second validator; a suite has one",
        ),
    ],
)
def test_what_cannot_be_served_is_refused(tmp_path: Path, files: dict[str, str | None], message: str) -> None:
    """With the file and the field, and never with what a test holds."""
    assert message in reason("kattis", put(tmp_path / "a", KATTIS | files))
