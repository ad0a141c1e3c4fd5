"""HumanEval-X: its rows as weak scripts and as calls, and a sample of its canonical solutions in each language."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import LocalSandbox
from sandbox.languages.signatures import fits, read_signature
from tests.data_sets import data_set
from tests.languages.needs import need
from testsuites import CallSuite, ScriptSuite, SuiteNotFound
from testsuites.directory import DirectoryStore
from testsuites.importers import READERS, Imported, Rejected
from testsuites.importers.humanevalx_calls import CallDraft
from testsuites.importers.inferring import signature_of
from verifier.importing import import_suites
from verifier.judging import judge_program
from verifier.oracle import Oracle

_ROW = {
    "task_id": "JavaScript/0",
    "prompt": "const twice = (x) => {\n",
    "declaration": "const twice = (x) => {\n",
    "canonical_solution": "  return 2 * x;\n}\n",
    "test": "console.assert(twice(2) === 4)\n",
}
_PLUS = {
    "task_id": "HumanEval/0",
    "prompt": "def twice(x):\n",
    "entry_point": "twice",
    "canonical_solution": "    return 2 * x\n",
    "base_input": [[2], [1.5]],
    "plus_input": [[7]],
}
_FILES = {"cpp": "cpp", "go": "go", "java": "java", "javascript": "js", "rust": "rust"}


def _file(folder: Path, *rows: dict[str, Any], name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_row_is_a_weak_script(tmp_path: Path) -> None:
    """Its test code is in the language of the solution, which is kept as a submission that has to be accepted."""
    (record,) = READERS["humanevalx"](_file(tmp_path, _ROW))
    assert isinstance(record, Imported)
    assert isinstance(record.suite, ScriptSuite)
    assert (record.suite.language, record.suite.integrity, record.suite.names) == ("javascript", "weak", ("twice",))
    (solution,) = record.submissions
    assert (solution.label, solution.text) == ("accepted", _ROW["prompt"] + _ROW["canonical_solution"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"task_id": "Perl/0"}, "task_id: expected one of CPP, Go, Java, JavaScript, Rust"),
        ({"test": "nothing"}, "defines no function that the test code names"),
        ({"task_id": "CPP/0"}, "expected one main"),
        ({"task_id": "Rust/0", "test": "/* #[test] fn test_it() {} */"}, "the test code is a comment"),
    ],
)
def test_other_rows_are_rejected(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    """With a reason, and without stopping."""
    (record,) = READERS["humanevalx"](_file(tmp_path, {**_ROW, **changes}))
    assert isinstance(record, Rejected)
    assert reason in record.reason


def test_calls_take_arguments_and_values_from_humaneval_plus(tmp_path: Path) -> None:
    """Only the arguments of HumanEval itself; what its reference makes of them; types that they all have."""
    need("javascript")
    _file(tmp_path, _PLUS, name="HumanEvalPlus.jsonl")
    with LocalSandbox(1, speed=1.0) as sandbox, contextlib.closing(Oracle(1)) as oracle:
        summary = import_suites("humanevalx_calls", _file(tmp_path, _ROW), tmp_path / "suites", sandbox)
        assert (summary.written, summary.failed) == (1, 0)
        (draft,) = READERS["humanevalx_calls"](tmp_path / "rows.jsonl")
        assert isinstance(draft, CallDraft)
        imported = draft.complete([4, 3.0])
        suite = imported.suite
        assert isinstance(suite, CallSuite)
        assert suite.signature == "twice(a0: float) -> float"
        assert [test.args for test in suite.tests] == [(2,), (1.5,)]
        assert judge_program(suite, imported.submissions[0].text, sandbox, oracle).verdict == "accepted"


def test_calls_need_the_other_file(tmp_path: Path) -> None:
    """The message says what to put where."""
    with pytest.raises(SuiteNotFound, match=r"put HumanEvalPlus\.jsonl\.gz"):
        list(READERS["humanevalx_calls"](_file(tmp_path, _ROW)))


@pytest.mark.data
@pytest.mark.parametrize("language", sorted(_FILES))
def test_a_sample_of_canonical_solutions_is_accepted(tmp_path: Path, language: str) -> None:
    """By their own test code and by calls; `benchmarks.humanevalx` counts all of them."""
    need(language)
    name = f"humaneval_{_FILES[language]}.jsonl.gz"
    with gzip.open(data_set(name), "rt") as file:
        rows = [json.loads(line) for number, line in enumerate(file) if number in (0, 8, 52)]
    with gzip.open(data_set("HumanEvalPlus.jsonl.gz"), "rt") as file:
        _file(tmp_path, *map(json.loads, file), name="HumanEvalPlus.jsonl")
    path = _file(tmp_path, *rows)
    with LocalSandbox(1, speed=1.0) as sandbox, contextlib.closing(Oracle(1)) as oracle:
        for form in ("humanevalx", "humanevalx_calls"):
            import_suites(form, path, tmp_path / form, sandbox)
            for record in READERS[form](path):
                imported = record
                if isinstance(record, CallDraft):
                    imported = _stored(tmp_path / form, record)
                assert isinstance(imported, Imported)
                report = judge_program(imported.suite, imported.submissions[0].text, sandbox, oracle)
                assert report.verdict == "accepted", (imported.suite.id, report.message)


def _stored(store: Path, record: CallDraft) -> Imported:
    return Imported(suite=DirectoryStore(store).load(record.id), submissions=(record.solution,))


@pytest.mark.parametrize(
    ("calls", "values", "signature"),
    [
        ([(1, "a")], [True], "f(a0: int, a1: string) -> bool"),
        ([(1,), (1.5,)], [2**70], "f(a0: float) -> bigint"),
        ([([],), ([1],)], [None, 1], "f(a0: list<int>) -> optional<int>"),
        ([([],)], [[None]], "f(a0: list<any>) -> list<optional<any>>"),
        ([({"a": {1}},)], [(1, "a")], "f(a0: map<string, set<int>>) -> tuple<int, string>"),
        ([((1, 2),), ((1,),)], [(1, 2), [3]], "f(a0: list<int>) -> list<int>"),
        ([(1,), ("a",)], [b""], "f(a0: any) -> any"),
    ],
)
def test_signatures_are_the_narrowest_that_fit(calls: list[Any], values: list[Any], signature: str) -> None:
    """A type is as wide as the examples make it."""
    assert signature_of("f", calls, values) == signature


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.integers() | st.text(), inner, max_size=3)
        | st.sets(st.integers() | st.text(), max_size=3)
    ),
    max_leaves=8,
)


@given(calls=st.integers(0, 3).flatmap(lambda count: st.lists(st.tuples(*[_PLAIN] * count), min_size=1)), value=_PLAIN)
def test_what_a_signature_was_made_from_fits_it(calls: list[tuple[Any, ...]], value: Any) -> None:
    """Whatever the values are: but for integers beside floats, which are floats as far as those are exact."""
    signature = read_signature(signature_of("f", calls, [value]))
    for call in calls:
        for parameter, argument in zip(signature.parameters, call, strict=True):
            assert fits(parameter.type, argument) or "float" in str(parameter.type)
    assert fits(signature.result, value) or "float" in str(signature.result)
