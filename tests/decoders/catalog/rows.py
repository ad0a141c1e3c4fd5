"""Rows of public data sets, through every importer."""

from __future__ import annotations

import atexit
import json
import os
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from tests.decoders.decoder import HIDDEN, Decoder
from tests.decoders.mutating import of_json
from tests.decoders.plain import survey
from tests.testsuites.data_set_rows import EXAMPLES, Example
from testsuites.errors import SuiteInvalid
from testsuites.importers import READERS, Draft, Imported, Rejected
from testsuites.rules import check_suite

_SUFFIXES = (".jsonl", ".json", ".jsonl.gz")
_FIRST = ("apps", "humaneval", "humanevalplus", "mbpp", "mbppplus")
_FORMATS = (*_FIRST, *sorted(READERS.keys() - set(_FIRST)))
"""New formats come last, so that the inputs kept under `regressions` go on to mean the same."""
_CODE = f"def f(x):\n    return '{HIDDEN}'\n"
_FOLDER = tempfile.TemporaryDirectory()
atexit.register(_FOLDER.cleanup)
_PLUS: dict[str, Any] = {
    "task_id": "HumanEval/1",
    "prompt": "def f(x):\n",
    "entry_point": "f",
    "canonical_solution": " pass\n",
    "base_input": [[1], [[HIDDEN]]],
    "plus_input": [[0.5]],
    "atol": 1e-6,
}
Path(_FOLDER.name, "HumanEvalPlus.jsonl").write_text(json.dumps(_PLUS))  # which one format looks for beside it
_FILE = os.memfd_create("rows")
for _suffix in _SUFFIXES:  # a new file for each input would take most of the time
    Path(_FOLDER.name, f"rows{_suffix}").symlink_to(f"/proc/{os.getpid()}/fd/{_FILE}")


def _read(data: bytes) -> None:
    """Read rows. The first byte of an input names the importer and the kind of file."""
    if not data:
        return
    number, rows = data[0], data[1:]
    suffix = _SUFFIXES[number // len(_FORMATS) % len(_SUFFIXES)]
    os.ftruncate(_FILE, 0)
    os.pwrite(_FILE, rows, 0)
    records = list(READERS[_FORMATS[number % len(_FORMATS)]](Path(_FOLDER.name, f"rows{suffix}")))
    if suffix == ".jsonl":
        assert len(records) == sum(bool(row.strip()) for row in rows.split(b"\n")), "rows were lost or made up"
    for record in records:
        _look(record)


def _look(record: Imported | Draft | Rejected) -> None:
    match record:
        case Imported(suite=suite):
            assert suite.digest
            assert isinstance(record.reference, str | None)
        case Draft():
            survey(record.arguments)
            assert record.function in record.program or record.view is None
            _complete(record)
        case Rejected():
            assert HIDDEN not in record.reason
            assert len(record.task_id) <= 80


def _complete(draft: Draft) -> None:
    """Give a draft the values that it lacks: what is no suite then is refused."""
    told = ""
    try:
        suite = draft.complete([1] * len(draft.arguments)).suite
        check_suite(suite, "place")
    except (ValueError, SuiteInvalid) as error:
        told = str(error)
    assert HIDDEN not in told


def _hiding(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with hidden data in its tests: every input and output of the examples begins with a digit."""
    return json.loads(json.dumps(row).replace("5 -7", HIDDEN))  # type: ignore[no-any-return]


def _seed(one: Example) -> bytes:
    return bytes([_FORMATS.index(one.format_name)]) + json.dumps(one.row).encode()


def _seeds() -> list[bytes]:
    human = {"task_id": "HumanEval/1", "prompt": "def f(x):\n", "entry_point": "f", "canonical_solution": " pass\n"}
    rows: dict[str, dict[str, Any]] = {
        "humaneval": human | {"test": f"def check(f):\n    assert f(1) == '{HIDDEN}'\n"},
        "humanevalplus": _PLUS,
        "mbpp": {"task_id": 9, "code": _CODE, "text": "t", "test_list": [f"assert f(1) == '{HIDDEN}'"]}
        | {"test_imports": ["import math"], "test_setup_code": "x = 1"},
        "mbppplus": _PLUS | {"assertion": f"assert f((1, {{2}})) == '{HIDDEN}'\nassert set(f(1)) == set([1])"},
        "apps": {"problem_id": 9, "question": "q", "starter_code": "s", "solutions": json.dumps([_CODE])}
        | {"input_output": json.dumps({"inputs": [HIDDEN], "outputs": [HIDDEN]})},
    }
    rows |= {one.format_name: _hiding(one.row) for one in EXAMPLES if one.format_name not in rows}
    close = "import math\nassert math.isclose(f(1), 2.0, rel_tol=1e-3)\nassert not f('a')"
    seeds = [bytes([_FORMATS.index(name)]) + json.dumps(row).encode() for name, row in rows.items()]
    seeds.append(bytes([_FORMATS.index("mbppplus")]) + json.dumps(rows["mbppplus"] | {"assertion": close}).encode())
    seeds += [_seed(one) for one in EXAMPLES]
    as_list = [bytes([_FORMATS.index(name) + len(_FORMATS)]) + json.dumps([row]).encode() for name, row in rows.items()]
    return list(dict.fromkeys([*seeds, *as_list]))


_WORDS = (
    *("task_id", "problem_id", "id", "prompt", "entry_point", "canonical_solution", "test", "base_input", "plus_input"),
    *("atol", "assertion", "code", "text", "test_list", "test_imports", "test_setup_code", "question", "solutions"),
    *("public_test_cases", "private_test_cases", "metadata", "func_name", "testtype", "functional", "function_call"),
    *("official_tests", "time_limit", "seconds", "language", "PYTHON3", "verification_info", "test_cases", "fn_name"),
    *("tests", "reward_model", "ground_truth", "assert_case", "unit_tests", "label", "from solution import f"),
    *("input_output", "starter_code", "assert f(1) == 1", "assert not f(1)", "assert set(f([1])) == {1}", "f(-1)"),
    *(
        "assert math.isclose(f(1), 2, rel_tol=1)",
        f"assert math.isclose(f(1), 2, rel_tol='{HIDDEN}')",
        "x.y",
        "- ",
        "f(",
    ),
    *(
        "import math",
        "from a import b as f",
        "def f(x): pass",
        "Mbpp/2",
        "HumanEval/32",
        "nan",
        "(1, (2, 3))",
        "{1: 2}",
    ),
)
_of_json = of_json(_WORDS)


def _mutate(data: bytes, longest: int, random: Random) -> bytes | None:
    """Change one row, or what its fields hold; keep the byte before it."""
    changed = _of_json(data[1:], longest - 1, random)
    return None if changed is None else data[:1] + changed


DECODER = Decoder(
    name="rows",
    reads="rows of data sets, through the importers",
    read=_read,
    refuses=(SuiteInvalid,),
    seeds=_seeds,
    words=_WORDS,
    mutate=_mutate,
    longest=16384,
)
