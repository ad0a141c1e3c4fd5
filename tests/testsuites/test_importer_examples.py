"""testsuites.importers: what becomes of a row of each shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.testsuites.data_set_rows import ADD, EXAMPLES, FIRST, TWICE, Example, example, packed, read_one, typed
from testsuites.collecting import collected
from testsuites.directory import Labelled
from testsuites.importers import Imported
from testsuites.model import (
    CallSuite,
    CallTest,
    Comparator,
    JudgeProgram,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
)

EXACT = Comparator(absolute=0.0, relative=0.0)
PROGRAMS = (StdioTest(stdin="1 2\n", stdout="3\n"), StdioTest(stdin="5 -7\n", stdout="-2\n"))


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.suite_id)
def test_each_shape_becomes_a_suite(one: Example, tmp_path: Path) -> None:
    """It has the data set's own id, and a statement."""
    record = read_one(one.format_name, tmp_path, one.row)
    assert isinstance(record, Imported), record
    assert record.suite.id == one.suite_id
    assert record.problem


def test_a_row_of_livecodebench(tmp_path: Path) -> None:
    """Public tests come first, private ones are unpacked; numbers count by value, without tolerance."""
    record = read_one("livecodebench", tmp_path, example("livecodebench"))
    assert record.suite == StdioSuite(
        id="LiveCodeBench/abc900_a",
        comparator=Comparator(name="floats", absolute=0.0, relative=0.0),
        tests=(
            StdioTest(stdin="1 2\n", stdout="3\n", name="public-1"),
            StdioTest(stdin="5 -7\n", stdout="-2\n", name="private-1"),
        ),
    )
    assert record.problem == "Sum\n\nAdd two numbers."


def test_a_function_of_livecodebench(tmp_path: Path) -> None:
    """An argument is a line of JSON; the function's name is in the metadata."""
    row = next(one.row for one in EXAMPLES if one.suite_id == "LiveCodeBench/900")
    assert read_one("livecodebench", tmp_path, row).suite == CallSuite(
        id="LiveCodeBench/900",
        entry_point="twice",
        comparator=EXACT,
        tests=(
            CallTest(args=([1],), expected=[1, 1], name="public-1"),
            CallTest(args=("ab",), expected="abab", name="private-1"),
        ),
    )


def test_a_row_of_codecontests(tmp_path: Path) -> None:
    """Limits are kept; the first Python 3 solution is the reference, others and wrong ones are labelled."""
    record = read_one("codecontests", tmp_path, example("codecontests"))
    assert record.suite == StdioSuite(
        id="CodeContests/900_A.-A-plus-B",
        limits=SuiteLimits(cpu_seconds=1.5, memory_mb=256.0),
        comparator=Comparator(absolute=1e-5),
        tests=(
            StdioTest(stdin="1 2\n", stdout="3\n", name="public-1"),
            StdioTest(stdin="5 -7\n", stdout="-2\n", name="generated-1"),
        ),
    )
    assert record.reference == ADD
    assert record.submissions == (
        Labelled(label="accepted", name="codecontests-1", text=f"#\n{ADD}", is_answer=False),
        Labelled(label="wrong_answer", name="codecontests-2", text=FIRST, is_answer=False),
    )


@pytest.mark.parametrize("limit", ["1.500s", 1.5, {"seconds": "1", "nanos": 500_000_000}])
def test_durations_of_codecontests(limit: Any, tmp_path: Path) -> None:
    """A duration is an object, a number, or the text that protocol buffers write; none and 0 are no limit."""
    row = example("codecontests")
    assert read_one("codecontests", tmp_path, row | {"time_limit": limit}).suite.limits.cpu_seconds == 1.5
    unlimited = row | {"time_limit": None, "memory_limit_bytes": 0}
    assert read_one("codecontests", tmp_path, unlimited).suite.limits == SuiteLimits()


def test_a_row_of_codeforces(tmp_path: Path) -> None:
    """Limits are seconds and MiB; a row whose official tests are incomplete is imported all the same."""
    record = read_one("codeforces", tmp_path, example("codeforces"))
    assert record.suite == StdioSuite(
        id="Codeforces/900/A", limits=SuiteLimits(cpu_seconds=2.0, memory_mb=256.0), tests=PROGRAMS
    )
    assert record.problem == (
        "A plus B\n\nAdd two numbers.\n\n## Input\n\nTwo numbers.\n\n## Output\n\nOne.\n\n## Examples\n\n1 2\n---\n3"
    )


def test_a_row_of_codeforces_with_a_checker(tmp_path: Path) -> None:
    """The checker that the set's authors made decides in place of the comparator; without one the field is empty."""
    row = example("codeforces")
    checked = read_one("codeforces", tmp_path, row | {"generated_checker": "print(1)"}).suite
    assert isinstance(checked, StdioSuite)
    assert checked.checker == JudgeProgram(code="print(1)", protocol="prints")
    empty = read_one("codeforces", tmp_path, row | {"generated_checker": " \n"}).suite
    assert isinstance(empty, StdioSuite)
    assert empty.checker is None


def test_rows_of_synthetic1(tmp_path: Path) -> None:
    """Tests are JSON, or a Python literal; APPS wraps what functions return into a list of one, and so do these."""
    record = read_one("synthetic1", tmp_path, example("synthetic1"))
    assert record.suite == StdioSuite(id="SYNTHETIC-1/vc_900", tests=PROGRAMS)
    assert record.reference == ADD
    row = next(one.row for one in EXAMPLES if one.suite_id == "SYNTHETIC-1/vc_901")
    assert read_one("synthetic1", tmp_path, row).suite == CallSuite(
        id="SYNTHETIC-1/vc_901",
        entry_point="twice",
        tests=(
            CallTest(args=([1],), expected=[1, 1], also_accepted=([[1, 1]],)),
            CallTest(args=("ab",), expected="abab", also_accepted=(["abab"],)),
        ),
    )


def test_rows_of_deepcoder(tmp_path: Path) -> None:
    """Tests that LiveCodeBench's grader is for are compared as it does, others with tolerance for floats."""
    record = read_one("deepcoder", tmp_path, example("deepcoder"))
    assert record.suite == StdioSuite(id=record.suite.id, tests=PROGRAMS)
    assert record.reference == ADD
    row = {"problem": "p", "tests": typed([{"input": "1", "output": "1"}], testtype="stdin")}
    assert read_one("deepcoder", tmp_path, row).suite.comparator == Comparator(name="floats", absolute=0, relative=0)
    call = {"inputs": ["1\n2"], "outputs": ["3"], "fn_name": "add"}
    suite = read_one("deepcoder", tmp_path, {"problem": "p", "tests": json.dumps(call)}).suite
    assert suite == CallSuite(id=suite.id, entry_point="add", tests=(CallTest(args=(1, 2), expected=3),))
    by_row = {
        "problem": "p",
        "metadata": {"func_name": "f"},
        "tests": [{"input": "1", "output": "2", "testtype": "functional"}],
    }
    assert read_one("deepcoder", tmp_path, by_row).suite.entry_point == "f"


def test_a_row_of_kodcode(tmp_path: Path) -> None:
    """The file of tests is the setup, with a test for each function and each of its cases; `test_code` is `test`."""
    row = example("kodcode")
    record = read_one("kodcode", tmp_path, row)
    assert record.suite == ScriptSuite(id="KodCode/Own_900_I", **collected(row["test"]))
    assert (record.suite.names, record.suite.module, record.suite.setup) == (("twice",), "solution", row["test"])
    assert [test.name for test in record.suite.tests] == ["test_numbers", "test_texts[0]", "test_texts[1]"]
    assert record.reference == TWICE
    old = {"conversation_id": 5, "question": "q", "test_code": row["test"]}
    assert read_one("kodcode", tmp_path, old).suite.id == "KodCode/5"


def test_rows_of_verl(tmp_path: Path) -> None:
    """The ground truth is JSON text or an object; assert lines win over inputs, as verl runs those alone."""
    record = read_one("verl", tmp_path, example("verl"))
    assert record.suite == StdioSuite(id="verl/own/train/7", tests=PROGRAMS)
    assert record.problem == "Add two numbers."
    row = next(one.row for one in EXAMPLES if one.suite_id == "verl/own/train/8")
    assert read_one("verl", tmp_path, row).suite == ScriptSuite(
        id="verl/own/train/8", names=("twice",), tests=(ScriptTest(code="assert twice(2) == 4"),)
    )
    empty = {"inputs": ["1"], "outputs": ["1"], "assert_case": [""], "fn_name": None}
    assert read_one("verl", tmp_path, row | {"reward_model": {"ground_truth": empty}}).suite == StdioSuite(
        id="verl/own/train/8", tests=(StdioTest(stdin="1", stdout="1"),)
    )


def test_rows_of_open_instruct(tmp_path: Path) -> None:
    """A label is a list, its JSON text, packed, or in a list of one."""
    label = [{"input": "1 2\n", "output": "3\n"}]
    for spelling in (label, json.dumps(label), packed(label), [json.dumps(label)], [packed(label)]):
        suite = read_one("open_instruct", tmp_path, {"id": 1, "label": spelling}).suite
        assert suite.tests == PROGRAMS[:1]
        assert suite.comparator == Comparator(name="floats", absolute=0, relative=0)
    for lines in (["assert f(1)"], ["assert f(1)", "assert f(2)"], json.dumps(["assert f(1)"])):
        assert read_one("open_instruct", tmp_path, {"id": 1, "label": lines}).suite.names == ("f",)


def test_rows_without_an_id_are_called_after_what_they_ask(tmp_path: Path) -> None:
    """The same statement gives the same id wherever the row is; another gives another."""
    rows: dict[str, dict[str, Any]] = {
        "nemo_gym": {"hash_id": None},
        "open_instruct": {"id": None},
        "verl": {"extra_info": None},
        "taco": {},
        "deepcoder": {},
    }
    for format_name, change in rows.items():
        row = example(format_name) | change
        ids = [read_one(format_name, tmp_path, row | other).suite.id for other in ({}, {"source": "elsewhere"})]
        assert ids[0] == ids[1]
        asked = {
            "question": "q",
            "problem": "q",
            "messages": "q",
            "prompt": "q",
            "responses_create_params": {"input": "q"},
        }
        other = read_one(format_name, tmp_path, row | asked)
        assert other.suite.id != ids[0]
        assert other.suite.id.endswith("/8e35c2cd3bf6641b")  # SHA-256 of q


def test_a_message_may_have_parts(tmp_path: Path) -> None:
    """As the Responses API writes them; the last user message is the statement."""
    content = [{"type": "input_text", "text": "Add"}, {"type": "input_text", "text": "them."}]
    turns = [
        {"role": "user", "content": "no"},
        {"role": "user", "content": content},
        {"role": "assistant", "content": ""},
    ]
    row = example("nemo_gym") | {"responses_create_params": {"input": turns}}
    assert read_one("nemo_gym", tmp_path, row).problem == "Add\nthem."
