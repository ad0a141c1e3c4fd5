"""The null battery, and the examples of a statement that it knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites import AnySuite, CallSuite, CallTest, ScriptSuite, ScriptTest, StdioSuite, StdioTest
from testsuites.directory import DirectoryStore
from testsuites.model import JudgeProgram
from verifier.fuzzing import strategies
from verifier.fuzzing.examples import CallExample, RunExample, call_examples, run_examples
from verifier.fuzzing.nulls import null_battery

BUNDLED = Path(__file__).parents[2] / "testsuites" / "bundled"


def stdio(*outputs: str) -> StdioSuite:
    """Return a suite that expects these outputs."""
    return StdioSuite(id="s", tests=tuple(StdioTest(stdin=f"{n}\n", stdout=text) for n, text in enumerate(outputs)))


def calls(*values: Any, **fields: Any) -> CallSuite:
    """Return a suite that expects these values of ``f``."""
    tests = tuple(CallTest(args=(number,), expected=value) for number, value in enumerate(values))
    return CallSuite(id="c", entry_point="f", tests=tests, **fields)


def script(*codes: str) -> ScriptSuite:
    """Return a suite of test code that takes ``f`` and ``g``."""
    return ScriptSuite(id="t", names=("f", "g"), tests=tuple(ScriptTest(code=code) for code in codes))


def sources(suite: AnySuite, statement: str | None = None) -> dict[str, str]:
    """Return the battery by name."""
    return {program.name: program.source for program in null_battery(suite, statement)}


def printed(source: str, stdin: str) -> str:
    """Run a whole program."""
    ran = subprocess.run([sys.executable, "-c", source], input=stdin, capture_output=True, text=True, check=True)
    return ran.stdout


def returned(source: str, name: str, *args: Any) -> Any:
    """Call a function of a program."""
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace[name](*args)


@given(strategies.suites() | strategies.made_problems().map(lambda problem: problem.suite), st.none() | st.text())
def test_any_suite_has_a_battery(suite: AnySuite, statement: str | None) -> None:
    """Programs compile, names and sources are unique, and the same suite has the same ones in the same order."""
    battery = null_battery(suite, statement)
    assert battery == null_battery(suite, statement)
    for attribute in ("name", "source"):
        assert len({getattr(program, attribute) for program in battery}) == len(battery)
    for program in battery:
        compile(program.source, program.name, "exec")


def test_the_most_frequent_output_is_known_and_not_shown() -> None:
    """Where two tests expect it; neither a name nor a repr quotes it."""
    suite = stdio("rare 1\n", "hidden 7491\n", "hidden  7491")
    assert printed(sources(suite)["most-frequent-output"], "") == "hidden 7491\n"
    assert "7491" not in repr(null_battery(suite))
    assert "most-frequent-output" not in sources(stdio("1\n", "2\n"))
    assert returned(sources(calls([1], {2}, {2}))["most-frequent-value"], "f") == {2}
    codes = ("assert f(1) == 3", "assert g(2) == (4,) and f(2) == (4,)", "not Python (")
    assert returned(sources(script(*codes))["most-frequent-value"], "g", 5) == (4,)


def test_programs_answer_what_their_name_says() -> None:
    """A few of each kind."""
    whole = sources(stdio("1\n"))
    assert printed(whole["prints-YES"], "3 4\n5\n") == "YES\n"
    assert printed(whole["echoes-input"], "3 4\n5\n") == "3 4\n5\n\n"
    assert printed(whole["last-word"], "3 4\n5\n") == "5\n"
    functions = sources(calls(1))
    assert returned(functions["returns-[]"], "f", 7) == []
    assert returned(functions["length"], "f", "abc") == 3
    assert returned(functions["sorted-copy"], "f", [3, 1]) == [1, 3]
    assert returned(sources(script("assert f(1)"))["returns-True"], "g") is True


def test_blind_ones_do_not_look() -> None:
    """They give the same answer whatever they are given."""
    for program in null_battery(calls(1, 2, 2)):
        if program.is_blind and program.source.startswith("def"):
            assert returned(program.source, "f", [1, 2]) == returned(program.source, "f", "abc")


def test_every_statement_of_the_bundled_problems_is_read() -> None:
    """Of 17 statements all but 3 show an example in a form that is read, and it is what the statement says."""
    store = DirectoryStore(BUNDLED)
    tables = {
        suite_id: sources(store.load(suite_id), (BUNDLED / suite_id / "problem.md").read_text())
        for suite_id in store.ids()
    }
    known = {
        suite_id: table["knows-the-examples"] for suite_id, table in tables.items() if "knows-the-examples" in table
    }
    assert len(tables) == 17
    assert len(known) >= 14
    assert returned(known["duration-text"], "parse_duration", "1h 30M") == 5400
    assert returned(known["duration-text"], "format_duration", 1) is None
    assert printed(known["plank-path"], "5\n1 2 3\n") == "4\n"
    assert printed(known["plank-path"], "6\n1 2 3\n") == ""


@pytest.mark.parametrize(
    ("statement", "arguments", "value"),
    [
        (">>> f(1, 'a')\n[2]\n", "(1, 'a')", "[2]"),
        ("    >>> f(1)\n    2\n", "(1,)", "2"),
        (">>> f(1) == 2\nTrue\n", "(1,)", "2"),
        ("assert f([1]) == {2: 3}", "([1],)", "{2: 3}"),
        ("Then `f(1)` returns\n`2`.", "(1,)", "2"),
    ],
)
def test_calls_in_statements(statement: str, arguments: str, value: str) -> None:
    """Prompts, asserts, and sentences."""
    assert call_examples(statement, ("f",)) == (CallExample("f", arguments, value),)


@pytest.mark.parametrize("statement", ["", ">>> f(1)", ">>> g(1)\n2", ">>> f(x)\n2", ">>> f(1)\nNameError: x", "f(1"])
def test_no_calls_in_statements(statement: str) -> None:
    """Other functions, names and errors are no examples."""
    assert call_examples(statement, ("f",)) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "-----Sample Input-----\n1 2\n\n-----Sample Output-----\n3\n",
        "**Example**\n\nInput\n1 2\nOutput\n3\n\nNote\nnothing",
        "### Input 1\n```\n1 2\n```\n### Output 1\n```\n3\n```\n",
        "**Example**\n\n    1 2\n\nprints\n\n    3\n",
        "    1 2\n\nprints `3`: the sum.\n",
    ],
)
def test_runs_in_statements(statement: str) -> None:
    """Headings, fences and indented blocks."""
    assert run_examples(statement) == (RunExample("1 2\n", "3\n"),)


@given(
    st.text()
    | st.lists(st.sampled_from(["Input", "Output:", "\n", "prints", "    1", "```", ">>> f(1)", "`"])).map("".join)
)
def test_any_statement_is_read(statement: str) -> None:
    """No text raises."""
    assert isinstance(call_examples(statement, ("f",)), tuple)
    assert isinstance(run_examples(statement), tuple)


def test_hypothesis_is_not_needed() -> None:
    """Calibration takes the battery without it."""
    code = "import sys, verifier.fuzzing.nulls; sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_tests_that_everybody_sees_are_examples() -> None:
    """By the beginning of their names, whatever its case; tests of other names are not known, nor are odd calls."""
    seen = [StdioTest(stdin="3  4\n", stdout="81\n", name=name) for name in ("public-1", "Sample 2", "EXAMPLE")]
    hidden = StdioTest(stdin="5\n", stdout="7491\n", name="private-1")
    for test in seen:
        table = sources(StdioSuite(id="s", tests=(test, hidden)))["knows-the-examples"]
        assert (printed(table, "3 4\n"), printed(table, "5\n")) == ("81\n", "")
    assert "knows-the-examples" not in sources(StdioSuite(id="s", tests=(hidden,)))
    public = (
        CallTest(args=(1, (2.5,)), expected=[float("inf")], name="public-1"),
        CallTest(args=(2,), kwargs={"b": 1}, expected=7491, name="public-2"),
        CallTest(args=([3],), read_back=0, expected=[7491], name="public-3"),
    )
    table = sources(CallSuite(id="c", entry_point="f", tests=public))["knows-the-examples"]
    assert returned(table, "f", 1, (2.5,)) == [float("inf")]
    assert returned(table, "f", 2) is None
    assert "7491" not in table


def test_where_an_interactor_asks_programs_talk() -> None:
    """None waits for the end of the input, which does not come, and none knows an output."""
    tests = (StdioTest(stdin="7491\n", stdout="7491\n", name="sample-1"), StdioTest(stdin="2\n", stdout="7491\n"))
    found = sources(StdioSuite(id="s", tests=tests, interactor=JudgeProgram(code="")), "Input\n1\n\nOutput\n7491\n")
    assert not any("read()" in source or "7491" in source for source in found.values())
    assert printed(found["echoes-each-line"], "a\nb\n") == "a\nb\n"
    assert printed(found["answers-each-line-with-YES"], "a\nb\n") == "YES\nYES\n"
