"""testsuites.importers: rows that cannot become a suite are refused, with the field and without what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.testsuites.data_set_rows import EXAMPLES, Example, example, read_one, typed
from testsuites.importers import Rejected

REFUSED = [
    ("livecodebench", {"private_test_cases": "SECRET"}, "private_test_cases: neither JSON nor base64"),
    ("livecodebench", {"private_test_cases": "[SECRET"}, "private_test_cases: not valid JSON (line 1, column 2)"),
    (
        "livecodebench",
        {"public_test_cases": "[]", "private_test_cases": "[]"},
        "public_test_cases, private_test_cases: the",
    ),
    (
        "livecodebench",
        {"public_test_cases": [{"input": "SECRET"}]},
        "public_test_cases: [0]: missing field `output`",
    ),
    (
        "livecodebench",
        {"private_test_cases": typed([{"input": "SECRET", "output": "1"}], testtype="functional")},
        "private_test_cases: no function is named",
    ),
    (
        "livecodebench",
        {
            "private_test_cases": typed([{"input": "1", "output": "1"}], testtype="functional"),
            "metadata": '{"func_name": "f"}',
        },
        "private_test_cases: of another kind than the tests before",
    ),
    (
        "livecodebench",
        {
            "public_test_cases": typed([{"input": "1", "output": "SECRET"}], testtype="functional"),
            "metadata": {"func_name": "f"},
        },
        "public_test_cases: outputs[0]: not valid JSON",
    ),
    (
        "livecodebench",
        {"metadata": '{"func_name": ["SECRET"]}'},
        "metadata: func_name: expected a string or null, got a list",
    ),
    ("livecodebench", {"question_id": "../.."}, "a suite's id has parts"),
    ("codecontests", {"input_file": "SECRET.txt"}, "input_file, output_file: programs that read or write files"),
    ("codecontests", {"time_limit": "SECRET"}, "time_limit: expected a number"),
    ("codecontests", {"time_limit": {"seconds": "SECRET"}}, "time_limit.seconds: expected a number"),
    ("codecontests", {"time_limit": 1e6}, "CodeContests/900_A.-A-plus-B: limits.cpu_seconds: must be from"),
    ("codecontests", {"memory_limit_bytes": "SECRET"}, "memory_limit_bytes: expected a number"),
    ("codecontests", {"memory_limit_bytes": 10**400}, "memory_limit_bytes: expected a number"),
    ("codecontests", {"private_tests": {"input": ["SECRET"], "output": []}}, "private_tests.output: 0 of them for 1"),
    ("codecontests", {"solutions": {"language": [3], "solution": []}}, "solutions.language: not one for each solution"),
    ("codeforces", {"input_mode": "file"}, "input_mode: programs that read or write files are not run"),
    ("codeforces", {"interaction_format": "SECRET"}, "interaction_format: an interactive problem"),
    (
        "codeforces",
        {"generated_checker": "int main() { return SECRET; }"},
        "generated_checker: not valid Python, in which alone checkers are run",
    ),
    ("codeforces", {"official_tests": []}, "official_tests: there are no tests"),
    (
        "codeforces",
        {"official_tests": [{"input": 1, "output": "SECRET"}]},
        "official_tests: inputs[0]: expected a text",
    ),
    ("codeforces", {"memory_limit": 4}, "Codeforces/900/A: limits.memory_mb: must be from 16"),
    ("synthetic1", {"verification_info": "SECRET("}, "verification_info: not valid JSON"),
    ("synthetic1", {"verification_info": "{'SECRET': print('SECRET')}"}, "verification_info: not valid JSON"),
    (
        "synthetic1",
        {"verification_info": {"ground_truth": "SECRET"}},
        "verification_info: missing field `test_c",
    ),
    (
        "synthetic1",
        {
            "verification_info": {
                "test_cases": [{"input": "1", "output": "1"}, {"input": "1", "output": "1", "type": "function_call"}]
            }
        },
        "verification_info.test_cases[1]: of another kind than those before",
    ),
    (
        "synthetic1",
        {"verification_info": {"test_cases": [{"input": "1", "output": "1", "type": "SECRET"}]}},
        "verification_info.test_cases[0].type: not one of the known values",
    ),
    (
        "deepcoder",
        {
            "tests": [
                {"input": "1", "output": "1", "type": "function_call", "fn_name": "f"},
                {"input": "1", "output": "1", "type": "function_call", "fn_name": "SECRET"},
            ]
        },
        "tests: its tests call several functions",
    ),
    ("deepcoder", {"tests": "[]"}, "tests: there are no tests"),
    ("deepcoder", {"tests": '"SECRET"'}, "tests: expected a list, got a string"),
    ("deepcoder", {"tests": {"inputs": ["SECRET"], "outputs": []}}, "tests: outputs: 0 of them for 1 inputs"),
    ("kodcode", {"test": "SECRET SECRET"}, "test: not valid Python"),
    ("kodcode", {"test": "def test_a(): assert 'SECRET'"}, "test: imports nothing from solution"),
    ("kodcode", {"test": "from solution import twice"}, "test: holds no test"),
    ("kodcode", {"test": None, "test_code": "from solution import twice"}, "test_code: holds no test"),
    (
        "kodcode",
        {"test": "from solution import twice\ndef test_a(tmp_path): assert 'SECRET'"},
        "test: test_a: the fixture tmp_path is not supported",
    ),
    ("kodcode", {"question_id": None}, "row: missing field `question_id`"),
    ("kodcode", {"test": None}, "row: missing field `test`"),
    (
        "verl",
        {"reward_model": {"ground_truth": "42"}},
        "reward_model.ground_truth: expected a table of fields, got an int",
    ),
    (
        "verl",
        {"reward_model": {"ground_truth": {"functional": "SECRET"}}},
        "reward_model.ground_truth: inputs: there are",
    ),
    (
        "verl",
        {"reward_model": {"ground_truth": {"inputs": ["", ""], "assert_case": ["assert f()", ""]}}},
        "reward_model.ground_truth: assert_case[1]: empty, unlike others",
    ),
    ("verl", {"extra_info": {}, "prompt": None}, "extra_info.index: missing, and there is no prompt"),
    ("verl", {"reward_model": {}}, "row: reward_model: missing field `ground_truth`"),
    ("nemo_gym", {"verifier_metadata": {"unit_tests": "SECRET"}}, "verifier_metadata.unit_tests: not valid JSON"),
    (
        "nemo_gym",
        {"hash_id": None, "responses_create_params": {"input": []}},
        "hash_id: missing, and there is no prompt",
    ),
    ("open_instruct", {"label": None}, "row: missing field `label`"),
    ("open_instruct", {"label": ["SECRET"]}, "label: neither JSON nor base64"),
    (
        "open_instruct",
        {"label": ["assert f()", {"input": "SECRET"}]},
        "label: assert_case[0]: expected an assert line, or",
    ),
    ("open_instruct", {"id": None, "messages": None}, "id: missing, and there is no prompt"),
]


@pytest.mark.parametrize(("format_name", "change", "reason"), REFUSED)
def test_what_cannot_become_a_suite_is_told_with_its_field(
    format_name: str, change: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    """The reason names the field, and quotes nothing that a row holds."""
    record = read_one(format_name, tmp_path, example(format_name) | change)
    assert isinstance(record, Rejected)
    assert record.reason.startswith(reason)
    assert "SECRET" not in record.reason


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.suite_id)
def test_each_field_may_be_missing_or_odd(one: Example, tmp_path: Path) -> None:
    """Without one of its fields, or with a number in its place, a row is imported or refused with a field's name."""
    refused = 0
    for field in one.row:
        without = {name: value for name, value in one.row.items() if name != field}
        for row in (without, one.row | {field: 5.5}, one.row | {field: [["SECRET"]]}):
            record = read_one(one.format_name, tmp_path, row)
            if isinstance(record, Rejected):
                refused += 1
                assert record.row == 1
                assert ":" in record.reason
                assert "SECRET" not in record.reason
    assert refused
