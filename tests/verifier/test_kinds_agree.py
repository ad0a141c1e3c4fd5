"""Script tests and call tests accept and refuse the same programs: a sample of `benchmarks.kinds`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kinds import base_inputs, compare, refused_references
from benchmarks.kinds_programs import programs
from benchmarks.measuring import Suites, imported
from tests.data_sets import data_set
from verifier.calibrating.bench import Bench

pytestmark = pytest.mark.data

HUMANEVAL = [f"HumanEval/{number}" for number in (3, 20, 34, 38, 50, 79, 95, 116, 124, 160)]
MBPP = [f"Mbpp/{number}" for number in (4, 8, 16, 61, 72, 100, 251, 404, 564, 744)]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _sampled(name: str, ids: list[str], folder: Path) -> Path:
    """Write the rows of a few problems into a file of their own."""
    source = data_set(name)
    data = source.read_bytes()
    text = (gzip.decompress(data) if source.suffix == ".gz" else data).decode()
    rows = json.loads(text) if source.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
    lines = [json.dumps(row) for row in rows if f"Mbpp/{row['task_id']}" in ids or row["task_id"] in ids]
    path = folder / f"{name.partition('.')[0]}.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("ids", "script", "call"),
    [
        (HUMANEVAL, ("humaneval", "HumanEval.jsonl.gz"), ("humanevalplus", "HumanEvalPlus.jsonl.gz")),
        (MBPP, ("mbpp", "sanitized-mbpp.json"), ("mbppplus", "MbppPlus.jsonl.gz")),
    ],
    ids=["humaneval", "mbpp"],
)
def test_both_kinds_agree(
    bench: Bench, tmp_path: Path, ids: list[str], script: tuple[str, str], call: tuple[str, str]
) -> None:
    """Of ten problems: canonical solutions, changed values, None, exceptions and mutants get the same from both."""
    script_rows, call_rows = (_sampled(name, ids, tmp_path) for _, name in (script, call))
    with (
        imported(script[0], script_rows, tmp_path / "script", 2) as scripts,
        imported(call[0], call_rows, tmp_path / "call", 2) as calls,
    ):
        for suites in (scripts, calls):
            assert sorted(suites.store.ids()) == sorted(ids)
            assert refused_references(suites, ids, bench) == {}
        found = compare(scripts, calls, base_inputs(call_rows), bench)
    assert found.problems == 10
    assert found.accepted >= 20
    assert found.refused >= 30
    assert found.differences == []


def test_a_difference_is_told(bench: Bench, tmp_path: Path) -> None:
    """With the program and both verdicts: here the call suite expects what the script refuses."""
    rows = _sampled("sanitized-mbpp.json", ["Mbpp/8"], tmp_path)
    with (
        imported("mbpp", rows, tmp_path / "script", 2) as scripts,
        imported("mbpp", rows, tmp_path / "other", 2) as others,
    ):
        suite = others.store.load("Mbpp/8")
        path = tmp_path / "other/Mbpp/8/suite.json"
        path.write_text(path.read_text().replace("==", "!="))
        found = compare(scripts, Suites(others.store, {}), {"Mbpp/8": len(suite.tests)}, bench)
    assert ("Mbpp/8", "canonical 1", "accepted", "wrong_answer") in found.differences
    assert found.accepted == 0


def test_programs_are_right_and_wrong() -> None:
    """The canonical ones come first; each of the others is a program of its own."""
    made = dict(programs("f", "def f(x):\n    return x + 1\n", "def f(x):\n    return 1 + x\n"))
    assert list(made)[:6] == [
        "canonical 1",
        "canonical 2",
        "changed value",
        "changed for some",
        "returns None",
        "raises",
    ]
    assert len(set(made.values())) == len(made) >= 8
    answers = {}
    for name in ("canonical 1", "changed value", "changed for some", "returns None"):
        namespace: dict[str, object] = {}
        exec(made[name], namespace)
        answers[name] = [namespace["f"](number) for number in (1, 10)]  # type: ignore[operator]
    assert answers["canonical 1"] == [2, 11]
    assert answers["changed value"] == [3, 12]
    assert sorted([answers["changed for some"] == [2, 12], answers["changed for some"] == [3, 11]]) == [False, True]
    assert answers["returns None"] == [None, None]
