"""testsuites.inline: suites that travel with a training row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.errors import SuiteInvalid
from testsuites.inline import inline_suite, suite_reference
from testsuites.model import (
    CallSuite,
    CallTest,
    Comparator,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
)
from verifier.fuzzing.strategies import json_values


def test_inputs_and_outputs_are_a_stdio_suite() -> None:
    """Texts stay as they are, lists of lines are joined; the same as JSON text."""
    value = {"inputs": ["1\n2\n", ["3", "4"]], "outputs": ["3\n", ["7"]]}
    expected = StdioSuite(
        id="inline", tests=(StdioTest(stdin="1\n2\n", stdout="3\n"), StdioTest(stdin="3\n4", stdout="7"))
    )
    assert inline_suite(value) == expected
    assert inline_suite(json.dumps(value)) == expected


def test_a_function_name_makes_a_call_suite() -> None:
    """Inputs are lists of arguments, outputs are values."""
    suite = inline_suite({"fn_name": "f", "inputs": [[1, [2]], [3, []]], "outputs": [[1, 2], 3]}, suite_id="row/7")
    assert suite == CallSuite(
        id="row/7",
        entry_point="f",
        tests=(CallTest(args=(1, [2]), expected=[1, 2]), CallTest(args=(3, []), expected=3)),
    )


def test_outputs_that_are_all_lists_of_one_may_be_wrapped() -> None:
    """The value and the list of it are both accepted, as nothing tells which was meant."""
    suite = inline_suite({"fn_name": "f", "inputs": [[1], [2]], "outputs": [["a"], [[]]]})
    assert suite.tests == (
        CallTest(args=(1,), expected="a", also_accepted=(["a"],)),
        CallTest(args=(2,), expected=[], also_accepted=([[]],)),
    )


def test_one_output_that_is_no_list_of_one_settles_it() -> None:
    """Then no output is wrapped."""
    suite = inline_suite({"fn_name": "f", "inputs": [[1], [2]], "outputs": [[1], [1, 2]]})
    assert [test.expected for test in suite.tests] == [[1], [1, 2]]
    assert [test.also_accepted for test in suite.tests] == [(), ()]


def test_text_inputs_of_a_function_hold_one_value_per_line() -> None:
    """Outputs are then JSON texts, and exact."""
    suite = inline_suite({"fn_name": "f", "inputs": ['[1, 2]\n"x"', "3"], "outputs": ["[1]", "[null]"]})
    assert suite.tests == (
        CallTest(args=([1, 2], "x"), expected=[1]),
        CallTest(args=(3,), expected=[None]),
    )


def test_assert_lines_are_a_script_suite() -> None:
    """The names that they take from the solution are found."""
    suite = inline_suite({"assert_case": ["assert f(1) == g(2)", "assert sorted(f(2)) == []"], "inputs": []})
    assert suite == ScriptSuite(
        id="inline",
        names=("f", "g"),
        tests=(ScriptTest(code="assert f(1) == g(2)"), ScriptTest(code="assert sorted(f(2)) == []")),
    )


def test_assert_cases_of_input_and_output_are_a_stdio_suite() -> None:
    """Objects in place of assert lines are runs of the program."""
    suite = inline_suite({"assert_case": [{"input": "1", "output": "2"}], "outputs": None})
    assert suite == StdioSuite(id="inline", tests=(StdioTest(stdin="1", stdout="2"),))


def test_settings_travel_along() -> None:
    """Language, limits and comparator are taken over; columns of the row's own are left alone."""
    suite = inline_suite(
        {
            "inputs": [""],
            "outputs": [""],
            "language": "cpp",
            "limits": {"cpu_seconds": 2, "memory_mb": 64},
            "comparator": "exact",
            "difficulty": "easy",
            "source": 3,
        }
    )
    assert suite.language == "cpp"
    assert suite.limits == SuiteLimits(cpu_seconds=2.0, memory_mb=64.0)
    assert suite.comparator == Comparator(name="exact")
    table = inline_suite({"inputs": [""], "outputs": [""], "comparator": {"name": "floats", "absolute": 0.1}})
    assert table.comparator == Comparator(name="floats", absolute=0.1)


MIXED = "expected an assert line, or an object with input and output, like the others"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "expected an object with inputs and outputs, or assert_case"),
        (["assert f()"], "expected an object with inputs and outputs, or assert_case"),
        ("SECRET", "not valid JSON (line 1, column 1)"),
        ({}, "inputs: there are none, and no assert_case; a suite needs at least one test"),
        ({"inputs": [], "outputs": []}, "inputs: there are none, and no assert_case; a suite needs at least one test"),
        ({"inputs": ["SECRET"]}, "outputs: 0 of them for 1 inputs"),
        ({"inputs": ["1", "2"], "outputs": ["SECRET"]}, "outputs: 1 of them for 2 inputs"),
        ({"inputs": "SECRET", "outputs": []}, "inputs: expected a list or null, got a string"),
        ({"inputs": [1], "outputs": ["SECRET"]}, "inputs[0]: expected a text or a list of lines"),
        ({"inputs": ["1"], "outputs": [["SECRET", 1]]}, "outputs[0]: expected a text or a list of lines"),
        ({"inputs": [1], "outputs": [1], "fn_name": "f"}, "inputs[0]: expected a list of arguments"),
        ({"inputs": [[1]], "outputs": [1], "fn_name": "f("}, "entry_point: must be the name of a function"),
        ({"inputs": [[1]], "outputs": [1], "fn_name": 1}, "fn_name: expected a string or null, got an integer"),
        ({"inputs": ["SECRET"], "outputs": ["1"], "fn_name": "f"}, "inputs[0]: not valid JSON (line 1, column 1)"),
        ({"inputs": ["1"], "outputs": ["SECRET"], "fn_name": "f"}, "outputs[0]: not valid JSON (line 1, column 1)"),
        ({"inputs": ["1"], "outputs": [1], "fn_name": "f"}, "outputs[0]: expected a JSON text, as its inputs are"),
        ({"assert_case": []}, "inputs: there are none, and no assert_case; a suite needs at least one test"),
        ({"assert_case": ["SECRET SECRET"]}, "assert_case: not valid Python"),
        ({"assert_case": ["assert True"]}, "assert_case: takes nothing from the solution"),
        ({"assert_case": ["f()", 1]}, f"assert_case[0]: {MIXED}"),
        ({"assert_case": [{"input": "1"}]}, f"assert_case[0]: {MIXED}"),
        ({"assert_case": [{"input": 1, "output": ""}]}, "assert_case[0].input: expected a text or a list of lines"),
        (
            {"assert_case": ["f()"], "inputs": ["1"], "outputs": ["1"]},
            "assert_case: give either it or inputs and outputs",
        ),
        ({"inputs": ["1"], "output": ["1"]}, "unknown field; did you mean outputs?"),
        ({"inputs": ["1"], "outputs": ["1"], "limit": {}}, "unknown field; did you mean limits?"),
        ({"inputs": ["1"], "outputs": ["1"], "limits": {"cpu_second": 1}}, "limits: unknown field `cpu_second`"),
        (
            {"inputs": ["1"], "outputs": ["1"], "limits": {"cpu_seconds": 0}},
            "limits.cpu_seconds: must be from 0.01 to 3600",
        ),
        ({"inputs": ["1"], "outputs": ["1"], "comparator": "SECRET"}, "comparator: name: not one of the known values"),
        (
            {"inputs": ["\ud800"], "outputs": ["1"]},
            "tests[0].stdin: holds half of a surrogate pair, which no program can be given",
        ),
    ],
)
def test_a_fault_is_named_and_nothing_hidden_is_shown(value: Any, message: str) -> None:
    """Each fault is told with the field and what was expected, never with a value."""
    with pytest.raises(SuiteInvalid) as caught:
        inline_suite(value)
    assert str(caught.value) == f"inline: {message}"


objects = st.fixed_dictionaries(
    {},
    optional={
        "inputs": st.lists(json_values(), max_size=2) | json_values(),
        "outputs": st.lists(json_values(), max_size=2) | json_values(),
        "assert_case": st.lists(json_values(), max_size=2) | json_values(),
        "fn_name": st.just("f") | json_values(),
        "language": json_values(),
        "limits": json_values(),
        "comparator": json_values(),
    },
)


@given(objects | json_values())
def test_any_value_is_a_suite_or_a_stated_fault(value: Any) -> None:
    """Whatever a row holds, it leads to a suite with tests or to a SuiteInvalid."""
    message = None
    try:
        suite = inline_suite(value)
    except SuiteInvalid as error:
        message = str(error)
    assert suite.tests if message is None else message.startswith("inline: ")


@pytest.mark.parametrize(
    "value", [{"\ud800": 1, "outputs": "\ud800"}, {"comparator": "\udfff"}, {"limits": {"\ud800": 1}}]
)
def test_half_a_surrogate_pair_is_a_stated_fault(value: dict[str, Any]) -> None:
    """JSON can hold one, UTF-8 cannot: the row is refused, and the event that it came with goes on."""
    with pytest.raises(SuiteInvalid, match=r"^inline: "):
        inline_suite(value)


@given(st.text())
def test_any_text_is_a_suite_or_a_stated_fault(text: str) -> None:
    """No text breaks the reader."""
    with pytest.raises(SuiteInvalid):
        inline_suite(text)


@pytest.mark.parametrize(
    ("value", "suite_id"),
    [
        ("HumanEval/0", "HumanEval/0"),
        (" HumanEval/0\n", "HumanEval/0"),
        ({"suite": "HumanEval/0"}, "HumanEval/0"),
        ('{"suite": "HumanEval/0"}', "HumanEval/0"),
        ({"suite": "a", "source": "b"}, "a"),
        ("", None),
        ("{", None),
        ('["a"]', None),
        ('{"inputs": []}', None),
        ({"inputs": []}, None),
        ({"suite": 3}, None),
        ({"suite": ""}, None),
        (None, None),
        (3, None),
        (["a"], None),
    ],
)
def test_a_row_may_name_its_suite(value: Any, suite_id: str | None) -> None:
    """An id stands alone or under `suite`; JSON text is looked into."""
    assert suite_reference(value) == suite_id
