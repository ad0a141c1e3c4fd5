"""The handler answers every event, with a real verifier wherever one can show the fact."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from contract import enveloped_results_of, id_of, metric, results_of
from events import ANSWERS, BARE, ENVELOPED, RIGHT, WRONG, sample, shape_a, shape_d
from hypothesis import given, settings
from hypothesis import strategies as st
from judges import NEUTRAL, Judge, judged, unjudged

from sandbox.errors import SandboxUnavailable
from sandbox.settings import SettingsError
from verifier.aws.handler import Handler
from verifier.fuzzing.strategies import broken_samples
from verifier.grade import Grade
from verifier.settings import Settings
from verifier.verifier import Verifier

IDS = [f"s-{number}" for number in range(len(ANSWERS))]


class Context:
    """The part of Lambda's context object that the handler asks for."""

    def __init__(self, seconds: float) -> None:
        """Take the time left, as of now."""
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return the time left."""
        return int(1000 * (self._end - time.monotonic()))


@pytest.fixture(scope="module")
def real() -> Iterator[Handler]:
    """Make a handler with a real verifier and no store."""
    with Verifier(workers=2) as verifier:
        yield Handler(lambda: (Settings(workers=2), verifier))


def _with(judge: Judge, **changes: Any) -> Handler:
    return Handler(lambda: (Settings(workers=4, **changes), judge))


def _records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("shape", [*BARE, *ENVELOPED])
def test_every_shape_is_graded(real: Handler, shape: str) -> None:
    """The same answers get the same rewards whatever the shape, and the reply fits the request."""
    reply = real((BARE | ENVELOPED)[shape](list(ANSWERS)), None)
    results = (enveloped_results_of if shape in ENVELOPED else results_of)(reply, IDS)
    assert [metric(result, "judged") for result in results] == [1, 1, 1, 1]
    assert [metric(result, "accepted") for result in results] == [1, 0, 0, 0]
    assert [metric(result, "compile_error") for result in results] == [0, 0, 1, 0]
    assert [metric(result, "no_code") for result in results] == [0, 0, 0, 1]
    assert metric(results[1], "pass_rate") == pytest.approx(1 / 3)
    right, wrong, broken, prose = (result["aggregate_reward_score"] for result in results)
    assert right > wrong > broken == prose


def test_training_rows_without_an_answer_are_answered(real: Handler) -> None:
    """A trainer's validation sends rows as they are in the data set: no assistant turn, no id."""
    rows = [
        {"messages": [{"role": "user", "content": RIGHT}], "reference_answer": item["reference_answer"]}
        for item in shape_a([RIGHT] * 3)
    ]
    for result in results_of(real(rows, None), [None] * 3):
        assert metric(result, "no_code") == 1


def test_one_bad_sample_harms_no_other(real: Handler) -> None:
    """Broken samples between good ones are not judged; the good ones are."""
    items = [
        sample(0, RIGHT),
        None,
        sample(1, RIGHT, {"outputs": 3}),
        sample(2, RIGHT, "no-such-suite"),
        sample(3, RIGHT),
    ]
    results = results_of(real(items, None), ["s-0", None, "s-1", "s-2", "s-3"])
    assert [metric(result, "judged") for result in results] == [1, 0, 0, 0, 1]
    assert [metric(result, "accepted") for result in results] == [1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("envelope", "event", "enveloped"),
    [
        ("auto", shape_a([RIGHT]), False),
        ("auto", shape_d([RIGHT]), True),
        ("http", shape_a([RIGHT]), True),
        ("list", shape_d([RIGHT]), False),
    ],
)
def test_the_envelope_is_a_setting(envelope: str, event: object, enveloped: bool) -> None:
    """A bare list can come from a trainer that wants an HTTP reply."""
    reply = _with(Judge(lambda answer: judged()), envelope=envelope)(event, None)
    (enveloped_results_of if enveloped else results_of)(reply, ["s-0"])


def test_a_judge_that_fails_costs_no_reward() -> None:
    """The mean of the prompt stands in for what was not judged, and the metric says so."""

    def grade(answer: str) -> Grade:
        if answer == "fails":
            raise RuntimeError("a judge's fault")
        return judged(float(answer))

    reply = _with(Judge(grade))(shape_a(["1", "fails", "0.5"]), None)
    results = results_of(reply, ["s-0", "s-1", "s-2"])
    assert [result["aggregate_reward_score"] for result in results] == [1.0, 0.75, 0.5]
    assert [metric(result, "judged") for result in results] == [1, 0, 1]


def test_nothing_judged_is_the_policys_neutral() -> None:
    """Where no sample of a prompt was judged, the policy says what to send."""
    (result,) = results_of(_with(Judge(lambda answer: unjudged()))(shape_a(["x"]), None), ["s-0"])
    assert result["aggregate_reward_score"] == NEUTRAL


def test_the_deadline_leaves_time_for_the_reply(real: Handler) -> None:
    """A program that runs too long for the function's time-out costs its own grade, and the reply is in time."""
    endless = "```python\nwhile True:\n    pass\n```"
    suite = {"inputs": ["1\n"], "outputs": ["1\n"], "limits": {"cpu_seconds": 20}}
    items = [sample(0, RIGHT), sample(1, endless, suite), sample(2, endless, suite), sample(3, RIGHT)]
    margin = Settings().margin_seconds
    began = time.monotonic()
    results = results_of(real(items, Context(margin + 3)), ["s-0", "s-1", "s-2", "s-3"])
    assert time.monotonic() - began < margin + 3
    assert [metric(result, "judged") for result in results[:3]] == [1, 0, 0]
    (result,) = results_of(real([sample(4, RIGHT)], None), ["s-4"])
    assert metric(result, "accepted") == 1, "the verifier is of no use after an interrupt"


def test_a_function_that_cannot_grade_says_why_first(capsys: pytest.CaptureFixture[str]) -> None:
    """The first log line names what to set; every sample has a neutral result; mended settings are taken up."""
    problems = [SettingsError("VERIFIER_POLICY: set a policy"), SandboxUnavailable("user namespaces are missing")]

    def prepare() -> tuple[Settings, Any]:
        if problems:
            raise problems.pop()
        return Settings(), Judge(lambda answer: judged())

    handler = Handler(prepare)
    for told in ("user namespaces are missing", "VERIFIER_POLICY: set a policy"):
        results = results_of(handler(shape_a(["x", "y"]), None), ["s-0", "s-1"])
        assert [(result["aggregate_reward_score"], metric(result, "judged")) for result in results] == [(0.0, 0)] * 2
        first = _records(capsys)[0]
        assert (first["level"], first["message"]) == ("ERROR", f"this function cannot grade: {told}")
    (result,) = results_of(handler(shape_a(["x"]), None), ["s-0"])
    assert metric(result, "judged") == 1


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without arguments a handler is what the environment describes."""
    monkeypatch.setenv("VERIFIER_WORKERS", "many")
    results_of(Handler()(shape_a(["x"]), None), ["s-0"])
    assert "VERIFIER_WORKERS: set a whole number" in _records(capsys)[0]["message"]


def test_there_is_one_verifier_for_all_events() -> None:
    """It is made once, also when the first events come at the same time."""
    made = []

    def prepare() -> tuple[Settings, Any]:
        made.append(1)
        time.sleep(0.05)  # so that all twelve ask while it is being made
        return Settings(workers=2), Judge(lambda answer: judged(float(answer)))

    handler = Handler(prepare)
    start = threading.Barrier(12, timeout=10)

    def call(number: int) -> Any:
        start.wait()
        return handler(shape_a([str(number)] * 5), None)

    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(call, range(12)))
    assert [[result["aggregate_reward_score"] for result in reply] for reply in replies] == [[n] * 5 for n in range(12)]
    assert len(made) == 1


def test_each_sample_has_a_record_without_anything_hidden(real: Handler, capsys: pytest.CaptureFixture[str]) -> None:
    """AWS's monitoring queries find their fields; inputs, outputs and answers are nowhere in the log."""
    hidden = {"inputs": ["41424344\n"], "outputs": ["51525354\n"]}
    real([sample(0, WRONG + "\n# 61626364", hidden), sample(1, RIGHT), {}], None)
    records = _records(capsys)
    assert [(record["id"], record["verdict"], record["judged"]) for record in records] == [
        ("s-0", "wrong_answer", True),
        ("s-1", "accepted", True),
        (None, "judge_error", False),
    ]
    named = {"aggregate_reward_score", "correctness", "suite", "digest", "seconds", "timestamp", "level"}
    assert all(named <= set(record) for record in records)
    assert records[1]["correctness"] == 1.0
    assert records[1]["seconds"] > 0
    assert records[1]["test_seconds"] > 0
    assert records[2]["correctness"] is None
    assert records[2]["reason"] == "messages: missing"
    assert not any(secret in json.dumps(records) for secret in ("41424344", "51525354", "61626364"))


def test_a_record_has_the_fields_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are always there, in every record; the others where they are known, and as they are."""
    answers = {"right": judged(), "lost": unjudged()}
    items = [{**sample(number, answer), "step": 7} for number, answer in enumerate(answers)]
    _with(Judge(answers.__getitem__))([*items, {"id": "x"}], None)
    right, lost, broken = _records(capsys)
    rows = re.findall(r"^\| (`.+) \| (.*) \| .* \|$", _section("Logs"), flags=re.MULTILINE)
    named = {name: there for names, there in rows for name in re.findall(r"`(\w+)`", names)}
    always = {name for name, there in named.items() if there == "always"}
    assert set(broken) == always | {"sent", "reason"}
    assert set(lost) == always | {"sent", "reason", "group", "step"}
    assert set(right) == always | {"group", "step"}
    assert set(named) == set(lost)
    assert right["step"] == 7


def _section(heading: str) -> str:
    """Return what stands under a heading of the page on the functions, up to the next."""
    page = (Path(__file__).parents[2] / "docs" / "lambda.md").read_text("utf-8")
    sections = re.split(r"^#+ ", page, flags=re.MULTILINE)
    return next(section for section in sections if section.startswith(f"{heading}\n"))


def test_what_was_not_judged_has_no_score_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """A mean over the log is one over judged samples; what was sent in place of a reward has a name of its own."""
    answers = {"right": judged(1.0), "lost": unjudged("the sandbox failed")}
    reply = _with(Judge(answers.__getitem__))(shape_a(list(answers)), None)
    right, lost = _records(capsys)
    assert right["aggregate_reward_score"] == 1.0
    assert "sent" not in right
    for name in ("aggregate_reward_score", "correctness", "format", "safety", "conciseness", "credit"):
        assert lost[name] is None
    assert lost["sent"] == reply[1]["aggregate_reward_score"] == 1.0
    assert lost["reason"] == "the sandbox failed"


def test_a_component_hides_no_field_of_a_record_and_no_metric_of_a_reply(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a user calls his own."""
    names = ["verdict", "id", "judged", "pass_rate", "aggregate_reward_score", "timeouts", "accepted", "taste"]
    figures: dict[str, float | None] = {"correctness": 1.0, **dict.fromkeys(names, 0.25)}
    grade = msgspec.structs.replace(judged(), components=figures)
    (result,) = results_of(_with(Judge(lambda answer: grade))(shape_a(["x"]), None), ["s-0"])
    assert result["aggregate_reward_score"] == 1.0
    assert [metric(result, name) for name in ("judged", "pass_rate", "taste")] == [1, 0, 0.25]
    (record,) = _records(capsys)
    assert (record["id"], record["verdict"], record["judged"]) == ("s-0", "accepted", True)
    assert record["components"] == figures


@settings(max_examples=100, deadline=None)
@given(items=st.lists(broken_samples(), max_size=4), envelope=st.booleans())
def test_no_event_raises_and_none_is_cut_short(real: Handler, items: list[Any], envelope: bool) -> None:
    """A hundred broken batches: one result each, all valid."""
    reply = real({"body": {"batch": items}} if envelope else items, None)
    results = json.loads(reply["body"]) if envelope else reply
    results_of(results, [id_of(item) for item in items])
