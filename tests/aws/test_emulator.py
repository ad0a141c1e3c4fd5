"""The handler under Amazon's runtime client and emulator, as Lambda would run it."""

from __future__ import annotations

import itertools
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import indent
from typing import Any

import psutil
import pytest
from contract import enveloped_results_of, id_of, metric, results_of
from embedded_metrics import all_values, lines_of
from events import ANSWERS, BARE, ENVELOPED, RIGHT, sample, shape_a
from hypothesis import Phase, given, settings

from verifier.aws.emulator import Emulator, EmulatorError, invoke_once
from verifier.fuzzing.strategies import broken_samples

pytestmark = pytest.mark.emulator

BUNDLED = Path(__file__).parents[2] / "testsuites" / "bundled"
BATCH = 64  # what SageMaker training jobs send


@pytest.mark.parametrize("shape", [*BARE, *ENVELOPED])
def test_a_full_batch_of_every_shape_keeps_the_contract(function: Emulator, shape: str) -> None:
    """64 samples of right, wrong, broken and missing programs: each gets its own result, in order."""
    answers = list(itertools.islice(itertools.cycle(ANSWERS), BATCH))
    reply = function.invoke((BARE | ENVELOPED)[shape](answers))
    ids = [f"s-{number}" for number in range(BATCH)]
    results = (enveloped_results_of if shape in ENVELOPED else results_of)(reply, ids)
    for answer, result in zip(answers, results, strict=True):
        assert metric(result, "judged") == 1
        assert metric(result, "accepted") == (ANSWERS[answer] == "accepted")
        assert metric(result, "compile_error") == (ANSWERS[answer] == "compile_error")
        assert metric(result, "no_code") == (ANSWERS[answer] == "no_code")


def test_bundled_suites_are_found_by_name(function: Emulator) -> None:
    """Every bundled suite accepts its own reference solution, by its id in the store."""
    suites = sorted(path.parent.name for path in BUNDLED.glob("*/suite.toml"))
    items = []
    for number, suite in enumerate(suites):
        program = (BUNDLED / suite / "reference.py").read_text(encoding="utf-8")
        items.append(sample(number, f"```python\n{program}\n```", {"suite": suite}))
    results = results_of(function.invoke(items), [item["id"] for item in items])
    verdicts = {suite: metric(result, "accepted") for suite, result in zip(suites, results, strict=True)}
    assert verdicts == dict.fromkeys(suites, 1)


def test_broken_samples_get_a_result_each(function: Emulator) -> None:
    """A hundred broken samples among good ones, through the real runtime client."""
    made: list[Any] = []

    @settings(max_examples=100, phases=[Phase.generate], derandomize=True, database=None)
    @given(broken_samples(allow_nan=False))
    def collect(item: Any) -> None:
        made.append(item)

    collect()
    assert len(made) == 100
    items = [*made, *shape_a([RIGHT] * 4)]
    random.Random(1).shuffle(items)  # noqa: S311 - an order, not a secret
    reply = function.invoke(items)
    results_of(reply, [id_of(item) for item in items])
    good = [
        result for item, result in zip(items, reply, strict=True) if isinstance(item, dict) and "difficulty" in item
    ]
    assert [metric(result, "accepted") for result in good] == [1] * 4


def test_calls_at_the_same_time_take_turns(function: Emulator) -> None:
    """The emulator dies of two calls at once, so it never sees them."""
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda number: function.invoke([sample(number, RIGHT)]), range(12)))
    assert [reply[0]["id"] for reply in replies] == [f"s-{number}" for number in range(12)]
    assert all(reply[0]["aggregate_reward_score"] == 1.0 for reply in replies)


def test_records_are_lines_of_json_in_the_functions_log(function: Emulator) -> None:
    """Each is a line of its own, which Logs Insights reads field by field."""
    function.invoke([{**sample(0, RIGHT), "id": "in-the-log"}])
    (record,) = [json.loads(line) for line in function.log.splitlines() if '"in-the-log"' in line]
    assert record["verdict"] == "accepted"
    assert "[INFO]" not in function.log, "the runtime client writes the records a second time"


def test_an_id_without_utf8_does_not_fail_the_batch(emulator_binary: Path) -> None:
    """The runtime client of managed images writes UTF-8 as it is, so a lone surrogate would be fatal."""
    environment = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.13", "VERIFIER_RIE": str(emulator_binary)}
    with Emulator(environment) as function:
        results_of(function.invoke([{**sample(0, RIGHT), "id": "\udc80é"}]), ["\ufffdé"])


def test_the_reply_comes_before_the_functions_time_out(emulator_binary: Path) -> None:
    """Endless programs are cut off and not judged; the next call is served by the same function."""
    suite = {"inputs": ["1\n"] * 3, "outputs": ["1\n"] * 3, "limits": {"cpu_seconds": 60}}
    endless = [sample(number, "```python\nwhile True: pass\n```", suite) for number in range(8)]
    with Emulator({"VERIFIER_MARGIN_SECONDS": "3"}, timeout_seconds=5) as function:
        results = results_of(function.invoke(endless), [item["id"] for item in endless])
        assert [metric(result, "judged") for result in results] == [0] * 8
        results = results_of(function.invoke([sample(0, RIGHT)]), ["s-0"])
        assert metric(results[0], "accepted") == 1


def _function(folder: Path, body: str, *, timeout_seconds: float = 30.0) -> Emulator:
    """Make a function whose handler has this body."""
    (folder / "made_here.py").write_text(f"import os, signal\n\ndef handler(event, context):\n{indent(body, '    ')}\n")
    return Emulator({"PYTHONPATH": str(folder)}, handler="made_here.handler", timeout_seconds=timeout_seconds)


def test_a_handler_that_fails_is_an_error_with_the_log(emulator_binary: Path, tmp_path: Path) -> None:
    """Errors come with status 200 and no error header; they are told apart all the same."""
    with (
        _function(tmp_path, "raise ValueError('on purpose')") as function,
        pytest.raises(EmulatorError, match=r"the function failed: ValueError: on purpose; the end of its log"),
    ):
        function.invoke([])


def test_a_time_out_is_an_error_and_the_next_call_works(emulator_binary: Path, tmp_path: Path) -> None:
    """The emulator sends a time-out as plain text with status 200."""
    with _function(tmp_path, "return signal.pause() if event else 'quick'", timeout_seconds=3) as function:
        with pytest.raises(EmulatorError, match="ran out of its 3 s"):
            function.invoke(1)
        assert function.invoke(0) == "quick"


def test_a_reply_over_six_megabytes_is_an_error(emulator_binary: Path, tmp_path: Path) -> None:
    """Lambda refuses it too."""
    with (
        _function(tmp_path, "return 'x' * 7_000_000") as function,
        pytest.raises(EmulatorError, match="ResponseSizeTooLarge"),
    ):
        function.invoke(0)


def test_no_process_outlives_the_emulator(emulator_binary: Path, tmp_path: Path) -> None:
    """Neither a daemon that left its session and its parent, nor one whose parent was killed by a time-out."""
    daemon = """
if event == "time out":
    signal.pause()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.pause()
    os._exit(0)
os.wait()
return os.getpid()
"""
    with _function(tmp_path, daemon, timeout_seconds=1) as function:
        runtime = psutil.Process(function.invoke("daemon"))
        root = runtime.parent()
        with pytest.raises(EmulatorError):
            function.invoke("time out")
        function.invoke("daemon")
        family = [process for process in root.children(recursive=True) if _runs(process)]
    assert len(family) == 3, "two daemons and the second runtime"
    assert not [process for process in (root, runtime, *family) if _runs(process)]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_an_event_over_six_megabytes_is_refused(function: Emulator) -> None:
    """Lambda would refuse it too; the message says what to do."""
    with pytest.raises(EmulatorError, match="split it"):
        function.invoke(["x" * 7_000_000])


def test_an_event_that_is_not_json_is_refused(function: Emulator) -> None:
    """The runtime client would fail the whole batch for it."""
    with pytest.raises(EmulatorError, match="NaN"):
        function.invoke([float("nan")])


def test_one_call_without_anything_kept(emulator_binary: Path) -> None:
    """What the command line uses: start, call, stop, with the suites and policy that it is given."""
    reply = invoke_once(shape_a(["no program"]), suites=str(BUNDLED), policy="binary", timeout=30)
    assert results_of(reply, ["s-0"])[0]["aggregate_reward_score"] == -1.0


def test_an_emulator_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is tried a few times, then given up with what it wrote."""
    binary = tmp_path / "rie"
    binary.write_text("#!/bin/sh\necho no luck\nexit 3\n")
    binary.chmod(0o755)
    monkeypatch.setenv("VERIFIER_RIE", str(binary))
    began = time.monotonic()
    with pytest.raises(EmulatorError, match="does not start; it wrote:\nno luck"), Emulator():
        pytest.fail("started")
    assert time.monotonic() - began < 20, "each try was given up as it ended"


def test_the_log_has_one_line_of_metrics_for_each_event(emulator_binary: Path) -> None:
    """Written by powertools under Amazon's runtime client, in the format that CloudWatch specifies."""
    environment = {"VERIFIER_METRICS": "rlvr/emulator", "VERIFIER_RIE": str(emulator_binary)}
    with Emulator(environment) as function:
        for count in (1, 4):
            results_of(function.invoke(shape_a([RIGHT] * count)), [f"s-{number}" for number in range(count)])
        log = function.log
    lines = lines_of(log)
    assert [line.values["accepted"] for line in lines] == [[1], [4]]
    assert all_values(lines)["reward"] == [1.0] * 5
    assert {line.namespace for line in lines} == {"rlvr/emulator"}
    records = [json.loads(line) for line in log.splitlines() if '"aggregate_reward_score"' in line]
    assert [record["message"] for record in records] == ["graded"] * 5


def test_without_the_setting_the_log_has_no_metrics(function: Emulator) -> None:
    """As in releases before."""
    function.invoke(shape_a([RIGHT]))
    assert lines_of(function.log) == []
