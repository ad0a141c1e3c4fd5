"""Public data sets, by the production path: what they call right is accepted, and what is right elsewhere is not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sandbox import LocalSandbox
from tests.data_sets import data_set
from tests.verifier.answers import fenced
from testsuites import ScriptSuite
from testsuites.directory import DirectoryStore
from verifier import Grade, Verdict, Verifier
from verifier.batch import grade_many
from verifier.importing import import_suites
from verifier.sample import Sample

pytestmark = pytest.mark.data

HUMANEVAL, MBPP = 164, 427
SAMPLE = 25
"""Problems of the data sets with some hundred tests for each; `benchmarks/references.py` does them whole."""

NOT_IMPORTED = {"Mbpp/255": "one answer is a list of 1.6 million tuples, which takes a gigabyte"}
"""Problems of MBPP+ that give no suite."""


@pytest.fixture(scope="module")
def humaneval(tmp_path_factory: pytest.TempPathFactory, sandbox: LocalSandbox) -> DirectoryStore:
    """All of HumanEval."""
    return imported("humaneval", data_set("HumanEval.jsonl.gz"), tmp_path_factory.mktemp("humaneval"), sandbox)


def imported(format_name: str, source: Path, folder: Path, sandbox: LocalSandbox) -> DirectoryStore:
    """Import a data set, all of it."""
    summary = import_suites(format_name, source, folder / "suites", sandbox)
    assert summary.failures == ()
    return DirectoryStore(folder / "suites")


def graded(store: DirectoryStore, answers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Grade]]:
    """Grade programs, given with the id of their suite."""
    samples = [Sample(id=suite_id, answer=fenced(program), suite=suite_id) for suite_id, program in answers]
    with Verifier(store, workers=2) as verifier:
        grades = grade_many(verifier, samples, workers=2)
        yield from zip((sample.id for sample in samples), grades, strict=True)


def assert_references_are_accepted(store: DirectoryStore, count: int) -> None:
    """Fail unless every reference of the store passes every test of its suite and earns +1."""
    references = [(suite_id, store.reference(suite_id) or "") for suite_id in store.ids()]
    grades = dict(graded(store, references))
    assert len(grades) == count
    assert {suite_id: grade for suite_id, grade in grades.items() if grade.verdict is not Verdict.ACCEPTED} == {}
    assert {grade.reward for grade in grades.values()} == {1.0}


def test_every_solution_of_humaneval_is_accepted(humaneval: DirectoryStore) -> None:
    """164 of 164."""
    assert_references_are_accepted(humaneval, HUMANEVAL)


def test_no_solution_of_humaneval_solves_the_problem_before_it(humaneval: DirectoryStore) -> None:
    """The next problem's solution, under the name that the tests ask for, is judged and never accepted."""
    ids = sorted(humaneval.ids(), key=lambda suite_id: int(suite_id.partition("/")[2]))

    def renamed(suite_id: str, neighbour: str) -> str:
        suites = humaneval.load(suite_id), humaneval.load(neighbour)
        wanted, given = (suite.names[0] for suite in suites if isinstance(suite, ScriptSuite))
        return f"{humaneval.reference(neighbour)}\n\n{wanted} = {given}\n"

    neighbours = zip(ids, [*ids[1:], ids[0]], strict=True)
    grades = dict(graded(humaneval, ((suite_id, renamed(suite_id, other)) for suite_id, other in neighbours)))
    assert len(grades) == HUMANEVAL
    assert {suite_id for suite_id, grade in grades.items() if not grade.judged} == set()
    assert {suite_id for suite_id, grade in grades.items() if (grade.reward or 0) >= 0} == set()
    assert {grade.verdict for grade in grades.values()} == {Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR}


def test_every_solution_of_mbpp_is_accepted(tmp_path: Path, sandbox: LocalSandbox) -> None:
    """427 of 427, of the sanitized set."""
    store = imported("mbpp", data_set("sanitized-mbpp.json"), tmp_path, sandbox)
    assert_references_are_accepted(store, MBPP)


@pytest.mark.parametrize(
    ("format_name", "name"), [("humanevalplus", "HumanEvalPlus.jsonl.gz"), ("mbppplus", "MbppPlus.jsonl.gz")]
)
def test_a_sample_of_the_solutions_of_a_plus_set_is_accepted(
    format_name: str, name: str, tmp_path: Path, sandbox: LocalSandbox
) -> None:
    """Problems from one end of the set to the other, always the same ones."""
    with gzip.open(data_set(name), "rt", encoding="utf-8") as file:
        rows = [row for row in file if json.loads(row)["task_id"] not in NOT_IMPORTED]
    source = tmp_path / "sample.jsonl"
    source.write_text("".join(rows[:: -(-len(rows) // SAMPLE)]), "utf-8")
    store = imported(format_name, source, tmp_path, sandbox)
    assert_references_are_accepted(store, len(source.read_text("utf-8").splitlines()))
