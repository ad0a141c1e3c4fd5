"""The bundled problems and the sample answers are complete, and say what they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from testsuites import CallSuite, ScriptSuite, StdioSuite
from testsuites.directory import DirectoryStore
from verifier.verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "testsuites" / "bundled"
STORE = DirectoryStore(BUNDLED)
IDS = list(STORE.ids())
IN_EACH = {Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT_EXCEEDED, Verdict.RUNTIME_ERROR}
SOMEWHERE = IN_EACH | {
    Verdict.COMPILE_ERROR,
    Verdict.MEMORY_LIMIT_EXCEEDED,
    Verdict.OUTPUT_LIMIT_EXCEEDED,
    Verdict.NO_CODE,
}


def test_all_three_kinds_are_there() -> None:
    """There are several problems of each kind."""
    kinds = Counter(type(STORE.load(suite)) for suite in IDS)
    assert kinds[StdioSuite] >= 5
    assert kinds[CallSuite] >= 5
    assert kinds[ScriptSuite] >= 4


def test_the_features_of_suites_are_shown() -> None:
    """Each comparator, groups, weights, arguments in place and second answers occur in some suite."""
    suites = [STORE.load(suite) for suite in IDS]
    tests = [test for suite in suites for test in suite.tests]
    assert {suite.comparator.name for suite in suites} >= {None, "lines", "exact", "floats", "values"}
    assert any(test.group for test in tests)
    assert any(test.weight != 1.0 for test in tests)
    calls = [test for suite in suites if isinstance(suite, CallSuite) for test in suite.tests]
    assert any(test.read_back is not None for test in calls)
    assert any(test.also_accepted for test in calls)
    assert any(isinstance(argument, set) for test in calls for argument in test.args)


@pytest.mark.parametrize("suite", IDS)
def test_a_suite_has_enough_named_tests_and_limits(suite: str) -> None:
    """10 to 25 tests, each with a name, and limits of its own."""
    loaded = STORE.load(suite)
    assert 10 <= len(loaded.tests) <= 25
    assert all(test.name for test in loaded.tests)
    assert loaded.limits.cpu_seconds is not None
    assert loaded.limits.memory_mb is not None


@pytest.mark.parametrize("suite", IDS)
def test_a_suite_has_everything_beside_it(suite: str) -> None:
    """A statement with an example, a reference, and submissions of the verdicts that matter most."""
    problem = (BUNDLED / suite / "problem.md").read_text(encoding="utf-8")
    assert problem.startswith("# ")
    assert "**Example" in problem
    assert STORE.reference(suite)
    labels = {submission.label for submission in STORE.submissions(suite)}
    assert labels >= {verdict.value for verdict in IN_EACH}


def test_submissions_are_labelled_with_verdicts() -> None:
    """Each label is a verdict's word, each file a program or an answer, and every verdict of a program occurs."""
    submissions = [submission for suite in IDS for submission in STORE.submissions(suite)]
    assert {submission.label for submission in submissions} == {verdict.value for verdict in SOMEWHERE}
    assert all(submission.text.strip() for submission in submissions)
    paths = list(BUNDLED.glob("*/submissions/*/*"))
    assert len(paths) == len(submissions)
    assert {path.suffix for path in paths} == {".py", ".md"}


def test_the_readme_counts_every_problem() -> None:
    """The table names each problem with its kind, and counts its tests and its submissions."""
    readme = (BUNDLED / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[([a-z-]+)\]\(\1/problem\.md\) \| (\w+) \| (\d+) \| (\d+) \|", readme, re.MULTILINE)
    expected = []
    for suite in IDS:
        loaded = STORE.load(suite)
        kind = str(loaded.__struct_config__.tag)
        expected.append((suite, kind, str(len(loaded.tests)), str(len(STORE.submissions(suite)))))
    assert sorted(rows) == sorted(expected)


def test_sample_answers_name_bundled_suites() -> None:
    """Each row of the sample answers has an id of its own, a bundled suite and an answer; every suite is used."""
    rows = [json.loads(line) for line in (ROOT / "examples" / "answers.jsonl").read_text("utf-8").splitlines()]
    assert all(row.keys() == {"id", "suite", "answer"} for row in rows)
    assert all(type(value) is str and value for row in rows for value in row.values())
    assert len({row["id"] for row in rows}) == len(rows) >= 40
    assert {row["suite"] for row in rows} == set(IDS)


def test_the_sample_event_has_named_and_inline_suites() -> None:
    """The sample event is a batch of four conversations: three name a bundled suite, one brings its tests."""
    event = json.loads((ROOT / "examples" / "event.json").read_text("utf-8"))
    references = [sample["reference_answer"] for sample in event]
    assert len(event) == 4
    assert {reference["suite"] for reference in references[:3]} <= set(IDS)
    assert len(references[3]["inputs"]) == len(references[3]["outputs"]) > 1
    assert all([turn["role"] for turn in sample["messages"]] == ["user", "assistant"] for sample in event)
