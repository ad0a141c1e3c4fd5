"""Metrics become lines that CloudWatch reads, and cost no reply."""

from __future__ import annotations

import contextlib
import io
import json
import math
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from embedded_metrics import all_values, lines_of, read_line
from events import RIGHT, sample, shape_a
from hypothesis import given
from hypothesis import strategies as st
from judges import Judge, judged

from sandbox.settings import SettingsError
from verifier.aws.embedded import write_metrics
from verifier.aws.handler import Handler
from verifier.aws.metrics import UNITS, Metric, measure
from verifier.grade import Grade
from verifier.report import TestResult
from verifier.sample import Sample
from verifier.settings import Settings
from verifier.verdict import Verdict

NAMESPACE = "rlvr/tests"
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "monitoring.md"


def _samples(*prompts: str) -> list[Sample]:
    return [Sample(id=str(number), prompt_key=prompt) for number, prompt in enumerate(prompts)]


def _with(grade: Any, **changes: Any) -> Handler:
    return Handler(lambda: (Settings(workers=2, metrics=NAMESPACE, **changes), Judge(grade)))


@given(
    st.lists(
        st.builds(
            Grade,
            suite=st.text(),
            digest=st.text(),
            verdict=st.sampled_from(Verdict),
            reward=st.none() | st.floats(),
            judged=st.booleans(),
            credit=st.floats(),
            components=st.dictionaries(st.sampled_from(["correctness", "format"]), st.none() | st.floats()),
            seconds=st.floats(),
        ),
        max_size=250,
    ),
    st.floats(),
)
def test_any_grades_make_lines_that_cloudwatch_reads(grades: list[Grade], seconds: float) -> None:
    """Whatever numbers there are, each value is finite, and each line keeps the specification."""
    measured = measure(_samples(*"p" * len(grades)), grades, bounds=(-1, 1), quarantined=False, seconds=seconds)
    with contextlib.redirect_stdout(io.StringIO()) as log:
        write_metrics(NAMESPACE, measured)
    assert all_values(lines_of(log.getvalue())) == {name: metric.values for name, metric in measured.items()}


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (64, 1), (99, 1), (100, 2), (198, 2), (199, 3), (250, 3)])
def test_no_value_is_lost_in_a_large_event(capsys: pytest.CaptureFixture[str], count: int, lines: int) -> None:
    """CloudWatch takes a hundred values of a metric in a line; the rest is in further ones, and nothing twice."""
    grades = [judged(number / 250) for number in range(count)]
    write_metrics(NAMESPACE, measure(_samples(*"p" * count), grades, bounds=(0, 1), quarantined=False, seconds=2.0))
    found = lines_of(capsys.readouterr().out)
    assert len(found) == lines
    values = all_values(found)
    assert values["reward"] == [round(number / 250, 6) for number in range(count)]
    assert values["samples"] == [count]
    assert values["batch_seconds"] == [2.0]
    assert {line.namespace for line in found} == {NAMESPACE}


def test_the_writer_of_powertools_writes_by_itself_at_a_hundred(capsys: pytest.CaptureFixture[str]) -> None:
    """Which is why no line of ours has as many: this one has half of the second metric."""
    from aws_lambda_powertools.metrics import EphemeralMetrics

    writer = EphemeralMetrics(namespace=NAMESPACE, service="s")
    for number in range(100):
        writer.add_metric(name="one", unit="Count", value=number)
        writer.add_metric(name="two", unit="Count", value=number)
    (line,) = lines_of(capsys.readouterr().out)
    assert {name: len(values) for name, values in line.values.items()} == {"one": 100, "two": 99}


def test_one_dimension_names_the_function(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else: each further value of a dimension would be another set of metrics to pay for."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "a-SageMaker-grader")
    _with(lambda answer: judged())(shape_a([RIGHT] * 3), None)
    (line,) = lines_of(capsys.readouterr().out)
    assert line.dimensions == {"service": "a-SageMaker-grader"}
    assert set(line.values) == {*UNITS, "component_correctness"}
    assert all(line.units[name] == unit for name, unit in UNITS.items())


def test_units_are_those_of_cloudwatch(capsys: pytest.CaptureFixture[str]) -> None:
    """The schema knows them all, and sees one that is not."""
    write_metrics(NAMESPACE, {"one": Metric("Seconds", [1.0])})
    line = json.loads(capsys.readouterr().out)
    read_line(json.dumps(line))
    line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Unit"] = "Minutes"
    with pytest.raises(jsonschema.ValidationError):
        read_line(json.dumps(line))


@pytest.mark.parametrize(
    "wrong",
    [
        {"one": [1.0] * 101},
        {"one": []},
        {"one": ["1"]},
        {"one": None},
        {"one": math.nan},
        {"service": 3},
        {"service": ""},
        {"_aws": {"CloudWatchMetrics": []}},
        {"_aws": {"Timestamp": 1.5, "CloudWatchMetrics": [{"Namespace": "n", "Dimensions": [[]], "Metrics": []}]}},
    ],
    ids=str,
)
def test_the_check_of_lines_sees_mistakes(capsys: pytest.CaptureFixture[str], wrong: dict[str, Any]) -> None:
    """It would be of no use otherwise."""
    write_metrics(NAMESPACE, {"one": Metric("Count", [1.0])})
    line = json.loads(capsys.readouterr().out)
    with pytest.raises((AssertionError, jsonschema.ValidationError)):
        read_line(json.dumps({**line, **wrong}))


def test_without_the_setting_nothing_is_written_or_imported() -> None:
    """A cold start does not pay for what nobody asked for."""
    code = (
        "import sys; from verifier.aws.handler import Handler; sys.path.insert(0, 'tests/aws'); "
        "from judges import Judge, judged; from verifier.settings import Settings; "
        "handler = Handler(lambda: (Settings(metrics={!r}), Judge(lambda answer: judged()))); "
        "handler([{{'id': 1, 'messages': [], 'reference_answer': 's'}}], None); "
        "print('aws_lambda_powertools' in sys.modules)"
    )
    for metrics, imported in ((None, "False"), (NAMESPACE, "True")):
        ran = subprocess.run(
            [sys.executable, "-c", code.format(metrics)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert ran.stdout.splitlines()[-1] == imported
        assert len(lines_of(ran.stdout)) == (metrics is not None)


def test_metrics_that_fail_cost_no_reply(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged, by its place only; the writer is a fake, since the real one has no reason to fail."""

    def fail(namespace: str, measured: object) -> None:
        raise ValueError("secret")

    monkeypatch.setattr("verifier.aws.handler.write_metrics", fail)
    (result,) = _with(lambda answer: judged(0.5))(shape_a([RIGHT]), None)
    assert result["aggregate_reward_score"] == 0.5
    log = capsys.readouterr().out
    assert "metrics are not written: ValueError in fail" in log
    assert "secret" not in log


def test_a_missing_library_costs_no_reply(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The log says what to install."""
    monkeypatch.setitem(sys.modules, "aws_lambda_powertools.metrics", None)
    (result,) = _with(lambda answer: judged(0.5))(shape_a([RIGHT]), None)
    assert result["aggregate_reward_score"] == 0.5
    assert "pip install 'rlvr-verifier[aws]'" in capsys.readouterr().out


def test_a_function_that_cannot_grade_is_seen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings that cannot be used leave everything not judged, and the alarm on that is to ring."""
    monkeypatch.setenv("VERIFIER_METRICS", NAMESPACE)
    monkeypatch.setenv("VERIFIER_WORKERS", "many")
    Handler()(shape_a([RIGHT] * 3), None)
    (line,) = lines_of(capsys.readouterr().out)
    assert (line.values["samples"], line.values["not_judged"]) == ([3], [3])
    assert "reward" not in line.values
    monkeypatch.setenv("VERIFIER_METRICS", "AWS/Lambda")
    assert len(Handler()(shape_a([RIGHT]), None)) == 1
    assert lines_of(capsys.readouterr().out) == []


def test_a_passed_tripwire_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    """In the metrics of that event and of all later ones of this environment."""
    judge = Judge(lambda answer: judged())
    handler = Handler(lambda: (Settings(metrics=NAMESPACE), judge))
    handler(shape_a([RIGHT]), None)
    judge.quarantined = True
    handler(shape_a([RIGHT]), None)
    before, after = lines_of(capsys.readouterr().out)
    assert (before.values["tripwires"], after.values["tripwires"]) == ([0], [1])
    assert after.values["not_judged"] == [1]


def test_an_event_without_samples_is_written_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing warns and nothing fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _with(lambda answer: judged())([], None) == []
    (line,) = lines_of(capsys.readouterr().out)
    assert line.values["samples"] == [0]


def test_no_text_of_a_grade_or_a_sample_is_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither answers nor ids, prompts, messages, suites or digests."""
    tests = (TestResult(name="secret-name", verdict=Verdict.WRONG_ANSWER, detail="secret-detail"),)
    grade = Grade(
        suite="secret-suite",
        digest="secret-digest",
        verdict=Verdict.WRONG_ANSWER,
        reward=-0.8,
        judged=True,
        tests=tests,
        message="secret-message",
    )
    _with(lambda answer: grade)([{**sample(0, "secret-answer"), "id": "secret-id"}], None)
    (line,) = [text for text in capsys.readouterr().out.splitlines() if '"_aws"' in text]
    assert "secret" not in line


@pytest.mark.parametrize("name", ["AWS/Lambda", "a b", "é", "a" * 256, ":a", "a\n"])
def test_a_namespace_that_cloudwatch_does_not_take_is_refused(name: str) -> None:
    """By the name of the variable."""
    with pytest.raises(SettingsError, match=r"^VERIFIER_METRICS: set "):
        Settings.from_environment({"VERIFIER_METRICS": name})


@pytest.mark.parametrize("name", ["rlvr-verifier", "a/b_c.d#e", "a" * 255])
def test_a_namespace_is_taken(name: str) -> None:
    """As it is."""
    assert Settings.from_environment({"VERIFIER_METRICS": name}).metrics == name
