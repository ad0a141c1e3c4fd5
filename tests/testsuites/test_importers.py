"""testsuites.importers: rows of public data sets become suites."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.data_sets import data_set
from tests.testsuites.data_set_rows import EXAMPLES
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.importers import READERS, Draft, Imported, Rejected, sources
from testsuites.model import CallSuite, CallTest, Comparator, ScriptSuite, ScriptTest, StdioSuite, StdioTest
from verifier.fuzzing.strategies import json_values

HUMANEVAL = {
    "task_id": "HumanEval/900",
    "prompt": "def helper(x):\n    return x\n\n\ndef twice(x):\n    '''Double it.'''\n",
    "entry_point": "twice",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(2) == helper(4)\n",
}
PLUS = HUMANEVAL | {"base_input": [[1], [2]], "plus_input": [[0.5]], "atol": 0, "contract": ""}
MBPP = {
    "task_id": 900,
    "prompt": "Write a function to double a number.",
    "code": "def twice(x): return 2 * x",
    "test_imports": ["import math"],
    "test_list": ["assert twice(1) == 2", "assert math.isclose(twice(0.5), 1)"],
}
MBPP_PLUS = {
    "task_id": "Mbpp/900",
    "prompt": "Double.",
    "entry_point": "twice",
    "canonical_solution": "\ndef twice(x, y=0): return 2 * x[0]\n",
    "assertion": "assert twice((1, 2)) == 2",
    "base_input": [[[1, 2]]],
    "plus_input": [[[3], 4]],
    "atol": 0,
    "contract": "",
}
APPS = {
    "problem_id": 900,
    "question": "Double.",
    "starter_code": "",
    "solutions": json.dumps(["print(2 * int(input()))"]),
    "input_output": json.dumps({"inputs": ["1\n"], "outputs": ["2\n"]}),
}
HUMANEVAL_X = {
    "task_id": "JavaScript/0",
    "prompt": "const twice = (x) => {\n",
    "declaration": "const twice = (x) => {\n",
    "canonical_solution": "  return 2 * x;\n}\n",
    "test": "console.assert(twice(2) === 4)\n",
}
ROWS = {one.format_name: one.row for one in EXAMPLES} | {
    "humaneval": HUMANEVAL,
    "humanevalplus": PLUS,
    "humanevalx": HUMANEVAL_X,
    "humanevalx_calls": HUMANEVAL_X,
    "mbpp": MBPP,
    "mbppplus": MBPP_PLUS,
    "apps": APPS,
}


def _read(format_name: str, folder: Path, *rows: Any) -> list[Imported | Draft | Rejected]:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return list(READERS[format_name](path))


def _one(format_name: str, folder: Path, row: Any) -> Any:
    (record,) = _read(format_name, folder, row)
    return record


def test_humaneval_is_one_script_test(tmp_path: Path) -> None:
    """The prompt's helpers are there for the check; the reference is prompt and solution."""
    record = _one("humaneval", tmp_path, HUMANEVAL)
    assert record.suite == ScriptSuite(
        id="HumanEval/900",
        names=("twice",),
        setup=f"{HUMANEVAL['prompt']}\n{HUMANEVAL['test']}\n",
        tests=(ScriptTest(code="check(twice)\n", name="check"),),
    )
    assert record.reference == HUMANEVAL["prompt"] + HUMANEVAL["canonical_solution"]
    assert record.problem == HUMANEVAL["prompt"]


def test_humanevalplus_is_a_draft_of_calls(tmp_path: Path) -> None:
    """Base and plus arguments are calls; expected values come later."""
    draft = _one("humanevalplus", tmp_path, PLUS | {"atol": 1e-4})
    assert (draft.function, draft.program) == ("twice", draft.reference)
    assert draft.complete([2, 4, 1.0]).suite == CallSuite(
        id="HumanEval/900",
        entry_point="twice",
        comparator=Comparator(absolute=1e-4),
        tests=(
            CallTest(args=(1,), expected=2),
            CallTest(args=(2,), expected=4),
            CallTest(args=(0.5,), expected=1.0),
        ),
    )


def test_any_zero_of_the_polynomial_is_right(tmp_path: Path) -> None:
    """HumanEval/32 has many right answers: its tests look at the polynomial's value there."""
    draft = _one("humanevalplus", tmp_path, PLUS | {"task_id": "HumanEval/32", "entry_point": "find_zero"})
    suite = draft.complete([True, True, True]).suite
    assert isinstance(suite, ScriptSuite)
    assert suite.setup.startswith(HUMANEVAL["prompt"])
    assert suite.tests[0].code == (
        "args = (1,)\nanswer = find_zero(*args)\nassert (abs(poly(args[0], answer)) <= 1e-4) == True\n"
    )


def test_mbpp_is_a_script_test_for_each_line(tmp_path: Path) -> None:
    """Names are found, imports are the setup, and the statement shows how the function is called."""
    record = _one("mbpp", tmp_path, MBPP)
    assert record.suite == ScriptSuite(
        id="Mbpp/900",
        names=("twice",),
        setup="import math",
        tests=tuple(ScriptTest(code=line) for line in MBPP["test_list"]),
    )
    assert record.problem == "Write a function to double a number.\n\nassert twice(1) == 2\n"


def test_the_full_mbpp_has_other_fields(tmp_path: Path) -> None:
    """`text` and `test_setup_code` stand for `prompt` and `test_imports`; challenge tests are left out."""
    row = {"task_id": 1, "text": "Sum.", "code": "def sum(a): ...", "test_list": ["assert sum(two) == 2"]}
    record = _one("mbpp", tmp_path, row | {"test_setup_code": "two = 2", "challenge_test_list": ["assert sum(1)"]})
    assert record.suite == ScriptSuite(
        id="Mbpp/1", names=("sum",), setup="two = 2", tests=(ScriptTest(code="assert sum(two) == 2"),)
    )


def test_a_module_that_only_the_solution_imports_is_not_taken_from_submissions(tmp_path: Path) -> None:
    """The import goes to the setup: a submission could call anything `sys`."""
    code = "import os, sys\nfrom math import pi\n\n\ndef size(x):\n    return sys.getsizeof(x)"
    row = MBPP | {"code": code, "test_imports": [], "test_list": ["assert size(1) == sys.getsizeof(1)"]}
    suite = _one("mbpp", tmp_path, row).suite
    assert (suite.names, suite.setup) == (("size",), "import os, sys")


def test_mbppplus_arguments_take_the_types_that_the_asserts_show(tmp_path: Path) -> None:
    """A list that an assert line writes as a tuple is a tuple, in all arguments of that place."""
    draft = _one("mbppplus", tmp_path, MBPP_PLUS)
    assert draft.arguments == (((1, 2),), ((3,), 4))
    assert draft.view is None
    assert draft.comparator == Comparator()


@pytest.mark.parametrize(
    ("assertion", "view", "relative"),
    [
        ("assert twice((1,)) == 2", None, 1e-6),
        ("assert set(twice((1,))) == set([2])", "set(answer)", 1e-6),
        ("assert twice((1,))", "bool(answer)", 1e-6),
        ("assert not twice((1,))", "bool(answer)", 1e-6),
        ("import math\nassert math.isclose(twice((1,)), 2, rel_tol=0.001)", None, 0.001),
    ],
)
def test_mbppplus_asserts_tell_what_counts_as_right(
    tmp_path: Path, assertion: str, view: str | None, relative: float
) -> None:
    """The form of the assert lines decides between equal, equal as sets, equally true, and close."""
    draft = _one("mbppplus", tmp_path, MBPP_PLUS | {"assertion": assertion})
    assert draft.view == view
    assert draft.comparator.relative == relative


def test_a_view_is_what_both_sides_of_a_test_compare(tmp_path: Path) -> None:
    """The reference's program and the test's code apply the same view: a right answer passes, a wrong one fails."""
    draft = _one("mbppplus", tmp_path, MBPP_PLUS | {"assertion": "assert set(twice((1,))) == set([2])"})
    namespace: dict[str, Any] = {}
    exec(draft.program.replace("2 * x[0]", "[2, x[0], 2]"), namespace)
    expected = [namespace[draft.function](*args) for args in draft.arguments]
    assert expected == [{1, 2}, {2, 3}]
    suite = draft.complete(expected).suite
    assert isinstance(suite, ScriptSuite)
    assert suite.names == ("twice",)

    def run(test: ScriptTest, solution: Any) -> None:
        names: dict[str, Any] = {}
        exec(suite.setup, names)
        names["twice"] = solution
        exec(test.code, names)

    run(suite.tests[1], lambda x, y: [3, 3, 2])
    with pytest.raises(AssertionError):
        run(suite.tests[1], lambda x, y: [3])


def test_a_draft_needs_a_value_for_each_test(tmp_path: Path) -> None:
    """A list of values that is too short is refused, not padded."""
    with pytest.raises(ValueError, match="zip"):
        _one("humanevalplus", tmp_path, PLUS).complete([2])


def test_apps_rows_carry_an_inline_suite(tmp_path: Path) -> None:
    """`input_output` is read as an inline suite; the first solution is the reference."""
    record = _one("apps", tmp_path, APPS)
    assert record.suite == StdioSuite(id="APPS/900", tests=(StdioTest(stdin="1\n", stdout="2\n"),))
    assert record.reference == "print(2 * int(input()))"
    call = {"fn_name": "f", "inputs": [[1]], "outputs": [[2]]}
    record = _one("apps", tmp_path, APPS | {"input_output": json.dumps(call), "solutions": "", "starter_code": "def f"})
    assert isinstance(record.suite, CallSuite)
    assert record.reference is None
    assert record.problem == "Double.\n\ndef f"


@pytest.mark.parametrize(
    ("format_name", "change", "reason"),
    [
        ("humaneval", {"test": 3}, "row: test: expected a string, got an integer"),
        ("humaneval", {"task_id": "../x"}, "a suite's id has parts of letters"),
        ("humaneval", {"entry_point": "1f"}, "HumanEval/900: names: must list the names"),
        ("humanevalplus", {"base_input": [1]}, "row: base_input[0]: expected a list, got an integer"),
        ("mbpp", {"test_list": []}, "test_list: empty"),
        ("mbpp", {"test_list": ["SECRET SECRET"]}, "not valid Python"),
        ("mbpp", {"test_list": ["assert 1"]}, "test_list: takes nothing from the solution"),
        ("mbppplus", {"assertion": "SECRET SECRET"}, "not valid Python"),
        ("mbppplus", {"plus_input": {"a": 1}}, "plus_input: expected a list"),
        ("mbppplus", {"assertion": "a" + ".b" * 900}, "row: nested too deeply"),
        *(
            ("mbppplus", {"assertion": f"assert math.isclose(f(1), 2, rel_tol={tolerance})"}, "assertion: rel_tol: exp")
            for tolerance in ("'SECRET'", "SECRET", "None", "{[]: 1}", "9" * 400, "-1", "nan", "1j")
        ),
        ("humaneval", {"test": "\ud800", "entry_point": "\ud800"}, "HumanEval/900: setup: holds half of a surrogate"),
        ("apps", {"input_output": ""}, "APPS/900: not valid JSON"),
        ("apps", {"input_output": {"inputs": ["1"], "outputs": []}}, "APPS/900: outputs: 0 of them for 1 inputs"),
        ("apps", {"problem_id": "[SECRET]", "input_output": ""}, "a suite's id has parts of letters"),
        ("apps", {"problem_id": None}, "row: missing field `problem_id`"),
    ],
)
def test_a_bad_row_is_reported_and_the_others_are_read(
    tmp_path: Path, format_name: str, change: dict[str, Any], reason: str
) -> None:
    """A row that cannot become a suite is rejected with number, id and reason; reading goes on."""
    row = ROWS[format_name]
    records = _read(format_name, tmp_path, row, row | change, row)
    assert [type(record) for record in records] == [type(records[0]), Rejected, type(records[0])]
    rejected = records[1]
    assert isinstance(rejected, Rejected)
    assert rejected.row == 2
    assert rejected.task_id == str((row | change).get("task_id", (row | change).get("problem_id") or ""))
    assert rejected.reason.startswith(reason)
    assert "SECRET" not in rejected.reason


def test_rows_are_read_from_every_wrapping(tmp_path: Path) -> None:
    """`.json`, `.jsonl` and both as `.gz` give the same records; empty lines are no rows."""
    lines = f"{json.dumps(MBPP)}\n\n{json.dumps(MBPP)}\n".encode()
    files = {"a.jsonl": lines, "a.json": json.dumps([MBPP, MBPP]).encode()}
    for name, data in list(files.items()):
        files[f"{name}.gz"] = gzip.compress(data)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert [record.suite.id for record in READERS["mbpp"](tmp_path / name)] == ["Mbpp/900"] * 2


def test_a_line_that_is_too_long_is_refused_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both sides of the limit; the rows after it are read, and positions go to the end of the file."""
    line = json.dumps(MBPP).encode()
    monkeypatch.setattr(sources, "MAX_ROW_BYTES", len(line) + 1)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(line + b"\n" + b" " + line + b"\n" + line)
    records = list(READERS["mbpp"].with_position(path))
    assert [type(record) for record, _ in records] == [Imported, Rejected, Imported]
    assert isinstance(records[1][0], Rejected)
    assert records[1][0].reason == "row: larger than 0 MiB"
    assert [position for _, position in records] == [len(line) + 1, 2 * len(line) + 3, 3 * len(line) + 3]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "expected a .jsonl, .json or .parquet file"),
        ("a.parquet.gz", b"", "expected a .jsonl, .json or .parquet file"),
        ("a.json", b"{}", "expected a list of rows"),
        ("a.json", b"[SECRET", "not valid JSON (line 1, column 2)"),
        ("a.jsonl.gz", b"SECRET", "not a whole gzip file"),
        ("a.jsonl.gz", gzip.compress(b"{}" * 1000, mtime=0)[:-9], "not a whole gzip file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """A fault of the file as a whole ends the import with the file's name."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SuiteInvalid) as caught:
        list(READERS["mbpp"](tmp_path / name))
    assert str(caught.value).startswith(f"{tmp_path / name}: {message}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """As is a file that is not there."""
    with pytest.raises(SuiteNotFound, match=r"none\.jsonl: no such file"):
        list(READERS["mbpp"](tmp_path / "none.jsonl"))


@pytest.mark.parametrize("format_name", sorted(READERS))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), line=st.binary().map(lambda line: line.replace(b"\n", b"")))
def test_any_row_is_a_record(tmp_path: Path, format_name: str, data: st.DataObject, line: bytes) -> None:
    """Whatever a row holds, it gives exactly one record."""
    row = ROWS[format_name] | data.draw(st.dictionaries(st.sampled_from(sorted(ROWS[format_name])), json_values()))
    path = tmp_path / "rows.jsonl"
    path.write_bytes(json.dumps(row).encode() + b"\n" + line)
    (tmp_path / "HumanEvalPlus.jsonl").write_text(json.dumps(PLUS) + "\n")  # which one format looks for
    assert len(list(READERS[format_name](path))) == (2 if line.strip() else 1)


@pytest.mark.data
@pytest.mark.parametrize(
    ("format_name", "name", "count"),
    [
        ("humaneval", "HumanEval.jsonl.gz", 164),
        ("humanevalplus", "HumanEvalPlus.jsonl.gz", 164),
        ("mbpp", "sanitized-mbpp.json", 427),
        ("mbppplus", "MbppPlus.jsonl.gz", 378),
    ],
)
def test_every_row_of_the_public_data_sets_is_read(format_name: str, name: str, count: int) -> None:
    """No row is rejected, and each has an id of its own."""
    records = list(READERS[format_name](data_set(name)))
    assert [record for record in records if isinstance(record, Rejected)] == []
    ids = {record.id if isinstance(record, Draft) else record.suite.id for record in records}
    assert len(records) == len(ids) == count


@pytest.mark.data
def test_mbppplus_arguments_keep_their_contracts() -> None:
    """Tuples that the data set's own contracts ask for are tuples again.

    `isinstance(name, tuple)` on a parameter is looked for in every contract, and must hold for every argument.
    """
    path = data_set("MbppPlus.jsonl.gz")
    with gzip.open(path, "rt") as file:
        contracts = {row["task_id"]: row for row in map(json.loads, file)}
    checked = 0
    for draft in READERS["mbppplus"](path):
        assert isinstance(draft, Draft)
        row = contracts[draft.id]
        header = row["canonical_solution"].partition(f"def {draft.entry_point}(")[2].partition(")")[0]
        for position, parameter in enumerate(header.split(",")):
            name = parameter.partition(":")[0].strip()
            if f"isinstance({name}, tuple)" in row["contract"]:
                assert all(type(arguments[position]) is tuple for arguments in draft.arguments), draft.id
                checked += len(draft.arguments)
    assert checked > 2000
