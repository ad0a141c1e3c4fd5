"""A row of each shape that the importers read, written for these tests, with programs that are right and wrong."""

from __future__ import annotations

import base64
import json
import pickle
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from testsuites.importers import READERS

ADD = "print(sum(map(int, input().split())))\n"
FIRST = "print(input().split()[0])\n"
TWICE = "def twice(x):\n    return x * 2\n"
TWICE_IN_A_CLASS = "class Solution:\n    def twice(self, x):\n        return x * 2\n"
SAME = "def twice(x):\n    return x\n"

_TESTS = {"inputs": ["1 2\n", "5 -7\n"], "outputs": ["3\n", "-2\n"]}
_CASES = [{"input": "1 2\n", "output": "3\n"}, {"input": "5 -7\n", "output": "-2\n"}]
_CALLS = [{"input": "[1]\n", "output": "[1, 1]"}, {"input": '"ab"', "output": '"abab"'}]
_ASKED = [{"role": "system", "content": "Be good."}, {"role": "user", "content": "Add two numbers."}]


class Example(NamedTuple):
    """A row of a format.

    Attributes:
        format_name: of the importer.
        row: the row.
        suite_id: what it must be called.
        right: a program that passes.
        wrong: programs that do not.
    """

    format_name: str
    row: dict[str, Any]
    suite_id: str
    right: str = ADD
    wrong: tuple[str, ...] = (FIRST,)


def packed(value: Any) -> str:
    """Pack as LiveCodeBench does."""
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(value)))).decode()


def typed(cases: list[dict[str, Any]], **fields: Any) -> list[dict[str, Any]]:
    """Return cases with the same fields added to each."""
    return [case | fields for case in cases]


_LIVECODEBENCH = {
    "question_title": "Sum",
    "question_content": "Add two numbers.",
    "platform": "atcoder",
    "question_id": "abc900_a",
    "contest_id": "abc900",
    "contest_date": "2026-01-01T00:00:00",
    "starter_code": "",
    "difficulty": "easy",
    "public_test_cases": json.dumps(typed(_CASES[:1], testtype="stdin")),
    "private_test_cases": packed(typed(_CASES[1:], testtype="stdin")),
    "metadata": "{}",
}
_CODECONTESTS = {
    "name": "900_A. A plus B",
    "description": "Add two numbers.",
    "public_tests": {"input": ["1 2\n"], "output": ["3\n"]},
    "private_tests": {"input": [], "output": []},
    "generated_tests": {"input": ["5 -7\n"], "output": ["-2\n"]},
    "source": 2,
    "time_limit": {"seconds": 1, "nanos": 500_000_000},
    "memory_limit_bytes": 256 * 1024**2,
    "solutions": {"language": [2, 3, 3, 1], "solution": ["int main", ADD, f"#\n{ADD}", "print 3"]},
    "incorrect_solutions": {"language": [3], "solution": [FIRST]},
    "input_file": "",
    "output_file": "",
}
_CODEFORCES = {
    "id": "900/A",
    "aliases": None,
    "title": "A plus B",
    "description": "Add two numbers.",
    "input_format": "Two numbers.",
    "output_format": "One.",
    "interaction_format": None,
    "note": None,
    "examples": [{"input": "1 2", "output": "3"}],
    "time_limit": 2.0,
    "memory_limit": 256.0,
    "official_tests": _CASES,
    "official_tests_complete": False,
    "input_mode": "stdio",
    "generated_checker": None,
    "executable": True,
}
_SYNTHETIC = {
    "response_id": "vc_900_0",
    "problem_id": "vc_900",
    "task_type": "verifiable_code",
    "prompt": "Add two numbers.",
    "gold_standard_solution": f"```python\n{ADD}```",
    "verification_info": json.dumps({"language": "python", "test_cases": typed(_CASES, type="stdin_stdout")}),
}
_FUNCTION_CASES = [
    {"type": "function_call", "fn_name": "twice", "input": [[1]], "output": [[1, 1]]},
    {"type": "function_call", "fn_name": "twice", "input": ["ab"], "output": ["abab"]},
]
_KODCODE = {
    "question_id": "Own_900_I",
    "question": "Double.",
    "solution": TWICE,
    "test": (
        "import math\nimport pytest\nfrom solution import twice\n\nHALF = 0.5\n\n\n"
        "def near(a, b):\n    return math.isclose(a, b)\n\n\n"
        "def test_numbers():\n    assert twice(2) == 4\n    assert near(twice(HALF), 1)\n\n\n"
        "@pytest.mark.parametrize('text', ['ab', ''])\n"
        "def test_texts(text):\n    assert twice(text) == text + text\n"
    ),
}
_VERL = {
    "data_source": "own",
    "prompt": _ASKED,
    "ability": "code",
    "reward_model": {"style": "rule", "ground_truth": json.dumps(_TESTS)},
    "extra_info": {"split": "train", "index": 7},
}
_OPEN_INSTRUCT = {"id": "own-1", "messages": _ASKED, "dataset": "code", "label": ["assert twice(2) == 4"]}

EXAMPLES = (
    Example(
        "apps",
        {"problem_id": 900, "question": "Add.", "solutions": json.dumps([ADD]), "input_output": json.dumps(_TESTS)},
        "APPS/900",
    ),
    Example(
        "taco",
        {"question": "Add.", "solutions": json.dumps([ADD]), "starter_code": None, "input_output": json.dumps(_TESTS)},
        "TACO/80a7ba692bbefc6c",
    ),
    Example("livecodebench", _LIVECODEBENCH, "LiveCodeBench/abc900_a"),
    Example(
        "livecodebench",
        _LIVECODEBENCH
        | {
            "question_id": 900,
            "starter_code": "class Solution:\n    def twice(self, x): ",
            "public_test_cases": json.dumps(typed(_CALLS[:1], testtype="functional")),
            "private_test_cases": json.dumps(typed(_CALLS[1:], testtype="functional")),
            "metadata": json.dumps({"func_name": "twice"}),
        },
        "LiveCodeBench/900",
        TWICE_IN_A_CLASS,
        (SAME, ADD),
    ),
    Example("codecontests", _CODECONTESTS, "CodeContests/900_A.-A-plus-B"),
    Example(
        "codecontests",
        {
            "name": "sum",
            "description": "Add.",
            "publicTests": "in JSON from protocol buffers the names may be in either spelling; these are left alone",
            "public_tests": _CASES,
            "time_limit": "1.500s",
            "memory_limit_bytes": "268435456",
            "solutions": [{"language": "PYTHON3", "solution": ADD}],
        },
        "CodeContests/sum",
    ),
    Example("codeforces", _CODEFORCES, "Codeforces/900/A"),
    Example("synthetic1", _SYNTHETIC, "SYNTHETIC-1/vc_900"),
    Example(
        "synthetic1",
        _SYNTHETIC
        | {"problem_id": "vc_901", "verification_info": repr({"language": "python", "test_cases": _FUNCTION_CASES})},
        "SYNTHETIC-1/vc_901",
        TWICE,
        (SAME, ADD),
    ),
    Example(
        "deepcoder",
        {"problem": "Add.", "tests": json.dumps(typed(_CASES, type="stdin_stdout")), "solutions": [f"```\n{ADD}```"]},
        "DeepCoder/80a7ba692bbefc6c",
    ),
    Example(
        "deepcoder",
        {
            "problem": "Double.",
            "tests": json.dumps(typed(_CALLS, testtype="functional", metadata={"func_name": "twice"})),
        },
        "DeepCoder/d1387d711d56610d",
        TWICE,
        (SAME,),
    ),
    Example("deepcoder", {"problem": "Sum.", "tests": json.dumps(_TESTS)}, "DeepCoder/7ae03a6ae65e000e"),
    Example("kodcode", _KODCODE, "KodCode/Own_900_I", TWICE, (SAME, "def twice(x):\n    return x + 2\n")),
    Example("verl", _VERL, "verl/own/train/7"),
    Example(
        "verl",
        _VERL
        | {
            "extra_info": {"split": "train", "index": 8},
            "reward_model": {
                "ground_truth": {"inputs": [""], "outputs": [None], "assert_case": ["assert twice(2) == 4"]}
            },
        },
        "verl/own/train/8",
        TWICE,
        (SAME,),
    ),
    Example(
        "nemo_gym",
        {
            "responses_create_params": {"input": _ASKED},
            "verifier_metadata": {"unit_tests": _TESTS},
            "hash_id": "c69268d8",
        },
        "NeMo-Gym/c69268d8",
    ),
    Example("open_instruct", _OPEN_INSTRUCT, "OpenInstruct/own-1", TWICE, (SAME,)),
    Example(
        "open_instruct",
        {"id": "own-2", "messages": _ASKED, "dataset": ["code_stdio"], "ground_truth": [packed(_CASES)]},
        "OpenInstruct/own-2",
    ),
)
"""Every shape of every format that carries its own expected values."""


def example(format_name: str) -> dict[str, Any]:
    """Return the first row of a format."""
    return next(one.row for one in EXAMPLES if one.format_name == format_name)


def read_one(format_name: str, folder: Path, row: Any) -> Any:
    """Return the record of a row, read from a file in a folder."""
    path = folder / "row.jsonl"
    path.write_text(json.dumps(row) + "\n")
    (record,) = READERS[format_name](path)
    return record
